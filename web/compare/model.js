// The comparison as the page sees it: one colour for each solver, and what the reader has chosen.
const comparison = JSON.parse(document.getElementById('report-data').textContent);
const solverNames = [...new Set(comparison.problems.flatMap((problem) => problem.solvers.map((solver) => solver.name)))];
const budgets = comparison.problems.length ? comparison.problems[0].budgets : [];

const colourOf = (name) => 'c' + solverNames.indexOf(name) % 8;
const traceOf = (name) => 'trace ' + colourOf(name) + (solverNames.indexOf(name) >= 8 ? ' dashed' : '');
const keyOf = (name) => s('svg', {class: 'key', viewBox: '0 0 20 10', 'aria-hidden': 'true'}, s('path', {class: traceOf(name), d: 'M0 5H20'}));
const solverOf = (problem, name) => problem.solvers.find((solver) => solver.name === name);

const view = {
  hidden: new Set(),
  base: solverNames[0],
  budget: budgets.length - 1,
  gap: false,
  followers: [],
  follow(update) { this.followers.push(update); },
  change(what) { Object.assign(this, what); this.followers.forEach((update) => update()); },
  toggle(name) { this.hidden.has(name) ? this.hidden.delete(name) : this.hidden.add(name); this.change({}); },
};

// A part of the page that is made anew when the reader chooses something else.
function following(make) {
  const host = h('div', {});
  const fill = () => host.replaceChildren(...[make()].flat().filter(Boolean));
  fill();
  view.follow(fill);
  return host;
}

// How far a value is from the best possible; undefined where that is not known.
function gapOf(problem, value) {
  if (problem.best === null || !isNumber(value)) return undefined;
  return problem.least_value ? value - problem.best : problem.best - value;
}

const better = (problem, a, b) => (problem.least_value ? a < b : a > b);

function duration(value) {
  if (!isNumber(value) || value <= 0) return missing;
  if (value < 1e-3) return plain(value * 1e6, 2) + '\u00a0µs';
  if (value < 1) return plain(value * 1e3, 3) + '\u00a0ms';
  return plain(value, 3) + '\u00a0s';
}
