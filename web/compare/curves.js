// Hypervolume after each evaluation: the median over seeds, and the middle half of them as a band.

function curvesOf(problem) {
  const host = h('div', {class: 'picture'});
  const redraw = responsive(host, (width) => drawCurves(width, problem));
  view.follow(redraw);
  return host;
}

function drawCurves(width, problem) {
  const shown = problem.solvers.filter((solver) => !view.hidden.has(solver.name) && solver.middle.length);
  if (!shown.length) return h('p', {class: 'soft'}, 'No solver is chosen.');
  const gap = view.gap && problem.best !== null;
  const value = (raw) => (gap ? gapOf(problem, raw) : raw);
  const first = Math.max(1, Math.min(problem.initial, problem.budget - 1));   // all are alike up to there
  const plot = frame(width, {
    label: problem.name + ': ' + measureName(problem) + ' after each evaluation', height: width > 600 ? 360 : 280,
    x: {name: 'Evaluations', low: first, high: Math.max(problem.budget, first + 1), whole: true},
    y: valueAxis(problem, shown, value, first, gap),
  });
  const inside = (pixel) => Math.max(plot.box.top, Math.min(plot.box.bottom, pixel));
  const floor = gap ? plot.y.invert(plot.box.bottom) : 0;
  const pixel = (raw) => inside(plot.y(gap ? Math.max(value(raw), floor) : raw));
  const points = (values) => values.map((raw, k) => [plot.x(k + 1), pixel(raw)]).slice(first - 1);
  for (const solver of shown) {
    const band = [...points(solver.lower), ...points(solver.upper).reverse()];
    plot.svg.append(s('path', {class: 'ribbon ' + colourOf(solver.name), d: path(band) + 'Z'}));
  }
  for (const solver of shown) plot.svg.append(s('path', {class: traceOf(solver.name), d: path(points(solver.middle))}));
  if (!gap && problem.best !== null && problem.best >= plot.y.invert(plot.box.bottom) && problem.best <= plot.y.invert(plot.box.top)) {
    plot.svg.append(s('line', {class: 'rule', x1: plot.box.left, x2: plot.box.right, y1: plot.y(problem.best), y2: plot.y(problem.best)}));
  }
  crosshair(plot, (x) => curveTip(problem, shown, Math.max(first, Math.min(problem.budget, Math.round(x)))));
  return plot.svg;
}

const measureName = (problem) => (problem.least_value ? 'least value' : 'hypervolume');

function valueAxis(problem, shown, value, first, gap) {
  const all = shown.flatMap((solver) => [...solver.lower.slice(first - 1), ...solver.upper.slice(first - 1)]).map(value).filter(isNumber);
  if (gap) {
    const high = Math.max(...all.filter((one) => one > 0), Number.MIN_VALUE);
    const positive = all.filter((one) => one > high * 1e-5);
    return {name: 'Distance to the best possible', log: true, low: Math.min(...positive) / 1.1, high: high * 1.1};
  }
  let low = Math.min(...all), high = Math.max(...all);
  if (problem.best !== null && (high - low) * 3 > Math.abs(problem.best - (problem.least_value ? low : high))) {
    low = Math.min(low, problem.best); high = Math.max(high, problem.best);
  }
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  const name = problem.least_value ? 'Least value' : 'Hypervolume';
  return {name: name + (problem.best !== null ? ', dashed: the best possible' : ''), low: low >= 0 ? Math.max(0, low - room) : low - room, high: high + room};
}

function curveTip(problem, shown, evaluation) {
  const rows = shown.filter((solver) => solver.middle.length >= evaluation)
    .map((solver) => [solver.name, solver.middle[evaluation - 1], solver.lower[evaluation - 1], solver.upper[evaluation - 1]])
    .sort((a, b) => (better(problem, a[1], b[1]) ? -1 : 1))
    .map(([name, middle, lower, upper]) => [name, plain(middle, 5) + ' (' + plain(lower, 4) + ' … ' + plain(upper, 4) + ')']);
  return rows.length ? {x: evaluation, tip: {title: 'After ' + evaluation + ' evaluations', rows}} : null;
}
