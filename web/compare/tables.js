// Finals, pairs and times, as tables and one picture.

const withInterval = (middle, low, high, digits) => [plain(middle, digits), ' ', h('span', {class: 'interval'}, '[' + plain(low, 4) + ', ' + plain(high, 4) + ']')];

function table(heads, rows) {
  return h('div', {class: 'scroll-table'}, h('table', {class: 'cards'},
    h('thead', {}, h('tr', {}, heads.map((head, k) => h('th', {scope: 'col', class: k ? null : 'text'}, head)))),
    h('tbody', {}, rows.map((row) => h('tr', {class: row.first ? 'first' : null},
      row.cells.map((cell, k) => h('td', {class: k ? (heads[k].includes('[') ? 'wide' : null) : 'text wide bare', 'data-name': heads[k]}, h('span', {class: k ? 'whole' : null}, cell))))))));
}

function bestMedian(problem, k) {
  const values = problem.solvers.map((solver) => solver.finals[k]).filter(Boolean).map((final) => final.median);
  return values.length ? values.reduce((a, b) => (better(problem, a, b) ? a : b)) : undefined;
}

function finalsTable(problem) {
  const best = bestMedian(problem, view.budget);
  const heads = ['Solver', 'Median [95 %]', problem.best === null ? null : problem.least_value ? 'Above the best' : 'Of the best', 'Seeds', 'For an ask'].filter(Boolean);
  const order = [...problem.solvers].sort((a, b) => {   // the best first, those without a value last
    const [one, other] = [a, b].map((solver) => solver.finals[view.budget]);
    return one && other ? (better(problem, one.median, other.median) ? -1 : better(problem, other.median, one.median) ? 1 : 0) : one ? -1 : other ? 1 : 0;
  });
  const rows = order.map((solver) => {
    const final = solver.finals[view.budget];
    const share = !final ? missing : problem.least_value ? plain(final.median - problem.best, 3) : percent(final.median / problem.best, 2);
    const cells = [[keyOf(solver.name), solver.name], final ? withInterval(final.median, final.low, final.high, 5) : missing];
    if (problem.best !== null) cells.push(share);
    cells.push(String(solver.seeds) + (solver.exhausted ? ' (' + solver.exhausted + ' ended early)' : ''), duration(solver.seconds[0]));
    return {first: final && final.median === best, cells};
  });
  return table(heads, rows);
}

// The pair as "name − base", whichever way round it is stored.
function pairWith(problem, name, base) {
  const pairs = problem.paired[view.budget];
  const straight = pairs.find((pair) => pair.a === name && pair.b === base);
  if (straight) return straight;
  const turned = pairs.find((pair) => pair.a === base && pair.b === name);
  return turned && {...turned, a: name, b: base, median: -turned.median, low: -turned.high, high: -turned.low};
}

function verdict(problem, pair) {
  const [ahead, behind] = problem.least_value ? [pair.high < 0, pair.low > 0] : [pair.low > 0, pair.high < 0];
  const word = ahead ? 'ahead' : behind ? 'behind' : 'level';
  return h('span', {class: 'badge ' + word}, word);
}

function pairsTable(problem) {
  const rows = problem.solvers.filter((solver) => solver.name !== view.base).map((solver) => [solver, pairWith(problem, solver.name, view.base)])
    .filter(([, pair]) => pair)
    .map(([solver, pair]) => ({cells: [[keyOf(solver.name), solver.name], withInterval(pair.median, pair.low, pair.high, 4), plain(pair.p, 2), String(pair.seeds), verdict(problem, pair)]}));
  if (!rows.length) return h('p', {class: 'soft'}, 'No other solver has a seed in common with ' + view.base + ' here.');
  return table(['Solver', 'Median difference [95 %]', 'Wilcoxon p', 'Seeds', 'Verdict'], rows);
}

// Every problem in one table: medians, and the mean rank over the problems that a solver has taken part in.
function overviewTable() {
  const problems = comparison.problems;
  const ranks = new Map(solverNames.map((name) => [name, []]));
  for (const problem of problems) {
    const finals = problem.solvers.filter((solver) => solver.finals[view.budget]).map((solver) => [solver.name, solver.finals[view.budget].median]);
    for (const [name, value] of finals) {
      const ahead = finals.filter(([, other]) => better(problem, other, value)).length, level = finals.filter(([, other]) => other === value).length;
      ranks.get(name).push(1 + ahead + (level - 1) / 2);
    }
  }
  const meanRank = (name) => (ranks.get(name).length ? ranks.get(name).reduce((a, b) => a + b, 0) / ranks.get(name).length : NaN);
  const order = [...solverNames].sort((a, b) => (meanRank(a) || 1e9) - (meanRank(b) || 1e9));
  return h('div', {class: 'scroll-table', tabindex: 0, role: 'group', 'aria-label': 'All problems'}, h('table', {},
    h('thead', {}, h('tr', {}, h('th', {class: 'text', scope: 'col'}, 'Solver'), h('th', {scope: 'col'}, 'Mean rank'),
      problems.map((problem) => h('th', {scope: 'col'}, h('a', {href: '#' + problem.name}, problem.name))))),
    h('tbody', {}, order.map((name) => h('tr', {},
      h('td', {class: 'text whole'}, keyOf(name), name), h('td', {}, isNumber(meanRank(name)) ? meanRank(name).toFixed(2) : missing),
      problems.map((problem) => {
        const solver = solverOf(problem, name), final = solver && solver.finals[view.budget];
        return h('td', {class: final && final.median === bestMedian(problem, view.budget) ? 'first' : null}, final ? plain(final.median, 5) : missing);
      }))))));
}

// One row a solver, one spot a problem, on a logarithmic axis of seconds.
function secondsPicture() {
  const host = h('div', {class: 'picture'});
  view.follow(responsive(host, drawSeconds));
  return host;
}

function drawSeconds(width) {
  const names = solverNames.filter((name) => !view.hidden.has(name) && comparison.problems.some((problem) => (solverOf(problem, name)?.seconds[0] || 0) > 0));
  if (!names.length) return h('p', {class: 'soft'}, 'No ask was timed.');
  const spots = names.flatMap((name, row) => comparison.problems.map((problem) => [name, row, problem, solverOf(problem, name)]).filter(([, , , solver]) => solver && solver.seconds[0] > 0));
  const rows = [...names].reverse();
  const plot = frame(width, {
    label: 'Mean seconds for an ask', height: 70 + 30 * names.length,
    x: paddedAxis({name: 'Seconds for an ask, mean over a problem’s runs', log: true}, spots.map(([, , , solver]) => solver.seconds[0])),
    y: {name: '', categories: rows, low: -0.5, high: rows.length - 0.5},
  });
  const items = spots.map(([name, , problem, solver]) => {
    const x = plot.x(solver.seconds[0]), y = plot.y(rows.indexOf(name));
    const node = s('circle', {class: 'spot ' + colourOf(name), cx: x, cy: y, r: 5.5});
    return {x, y, node, tip: {title: name + ' on ' + problem.name, rows: [['mean', duration(solver.seconds[0])], ['median', duration(solver.seconds[1])], ['largest', duration(solver.seconds[2])]]}};
  });
  plot.svg.append(...items.map((item) => item.node));
  pickable(plot, items);
  return plot.svg;
}
