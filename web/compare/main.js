// The page, top to bottom.

function head() {
  const problems = comparison.problems, first = problems[0];
  const facts = first ? [['problems', problems.length], ['solvers', solverNames.length], ['seeds', Math.max(...problems.map((problem) => problem.seeds))],
    ['evaluations a run', first.budget], ['of them initial', first.initial]] : [];
  return [
    h('div', {class: 'top'}, h('div', {}, h('p', {class: 'eyebrow'}, 'Parsimony · comparison'), h('h1', {}, 'Solvers compared')), themeButton()),
    h('ul', {class: 'facts'}, facts.map(([name, value]) => h('li', {}, name + ' ', h('b', {}, String(value))))),
    h('p', {class: 'soft', style: {marginTop: '10px'}}, 'Every solver starts from the same points of a seed. Curves are medians over seeds, bands the middle half; more hypervolume is better, less of a least value.'),
  ];
}

function pick(name, options, chosen, change) {
  return h('label', {}, name, h('select', {onchange: (event) => change(event.target.selectedIndex)},
    options.map((text, k) => h('option', {selected: k === chosen}, text))));
}

function controls() {
  const keys = following(() => h('div', {class: 'solver-keys', role: 'group', 'aria-label': 'Solvers shown'}, solverNames.map((name) =>
    h('button', {type: 'button', 'aria-pressed': String(!view.hidden.has(name)), onclick: () => {
      view.toggle(name);
      keys.querySelectorAll('button')[solverNames.indexOf(name)].focus();
    }}, keyOf(name), name))));
  const scale = h('button', {type: 'button', 'aria-pressed': 'false', onclick: () => {
    view.change({gap: !view.gap});
    scale.setAttribute('aria-pressed', String(view.gap));
  }}, 'Distance to the best, logarithmic');
  return h('div', {class: 'bar-of-controls'}, h('div', {class: 'controls'}, keys, comparison.problems.some((problem) => problem.best !== null) && scale,
    budgets.length > 1 && pick('Tables after', budgets.map((budget) => budget + ' evaluations'), view.budget, (k) => view.change({budget: k})),
    solverNames.length > 1 && pick('Compare with', solverNames, 0, (k) => view.change({base: solverNames[k]}))));
}

function problemSection(problem) {
  const best = problem.best === null ? 'best possible unknown' : (problem.least_value ? 'least value ' : 'largest hypervolume ') + plain(problem.best, 7);
  const reference = problem.least_value ? '' : '; reference ' + problem.reference.map((value) => plain(value)).join(', ');
  return section(problem.name, problem.name, problem.source + '; ' + best + reference + '.', h('div', {class: 'problem'},
    card(null, curvesOf(problem)),
    h('div', {class: 'card'},
      following(() => [h('h3', {}, 'After ' + problem.budgets[view.budget] + ' evaluations'), finalsTable(problem)]),
      problem.solvers.length > 1 && following(() => [h('h3', {style: {marginTop: '16px'}}, 'Seed by seed against ' + view.base), pairsTable(problem)]))));
}

document.getElementById('head').append(...head());
document.getElementById('main').append(...(comparison.problems.length ? [
  controls(),
  comparison.problems.length > 1 && section('all', 'All problems', 'Medians over seeds, the best of a problem in bold; the mean rank is over the problems that a solver took part in.', h('div', {class: 'card'}, following(overviewTable))),
  ...comparison.problems.map(problemSection),
  section('seconds', 'Seconds for a suggestion', 'Measured while other runs used the other processors; a solver of ours has one thread.', card(null, secondsPicture())),
].filter(Boolean) : [h('p', {}, 'Nothing was compared.')]));
document.getElementById('foot').append(h('p', {}, 'Intervals: percentile bootstrap of the median, 10,000 resamples. p: Wilcoxon’s signed rank, two-sided, exact up to 50 seeds. Ahead or behind: the interval of the paired difference leaves out 0.'),
  h('p', {}, 'Written by Parsimony ' + comparison.version + '. This page is one file and asks no network for anything.'));
document.documentElement.dataset.ready = 'yes';
addEventListener('scroll', hideTip, {passive: true});
