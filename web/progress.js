// Hypervolume, or the best value of a single objective, after each trial.

function progressSection() {
  if (oneObjective) return bestSection();
  const curve = report.hypervolume.curve;
  const reference = report.objectives.map((objective, k) => objective.label + ' ' + withUnit(report.hypervolume.reference[k] * objective.scale, objective.unit)).join(', ');
  return section('progress', 'Hypervolume over trials', 'How much of the objective space up to the reference point (' + reference + ') the complete trials dominate. More is better.',
    curveCard(curve, 'Hypervolume', (value) => plain(value, 5)));
}

function bestSection() {
  const axis = objectiveAxes[0], scale = report.objectives[0].scale;
  const curve = (report.best_curve || []).map(([trial, value]) => [trial, value * scale]);
  return section('progress', 'Best value over trials', (axis.more ? 'The greatest ' : 'The least ') + axis.name + ' of the complete trials so far.',
    curveCard(curve, 'Best ' + axis.name, (value) => withUnit(value, axis.unit)));
}

function curveCard(curve, name, text) {
  const host = h('div', {class: 'picture'});
  responsive(host, (width) => (curve.length ? drawProgress(width, curve, name, text) : h('p', {class: 'soft'}, 'No trial has ended yet.')));
  return card(null, host);
}

// What happened before the tenth part of the trials would squeeze the rest.
function heightsOf(values) {
  const late = values.slice(Math.floor(values.length / 10));
  const settled = oneObjective ? late : late.filter((value) => value > 0);
  const shown = settled.length ? settled : values;
  const [low, high] = [Math.min(...shown), Math.max(...shown)], room = (high - low || Math.abs(high) || 1) * 0.15;
  return {low: low >= 0 ? Math.max(0, low - room) : low - room, high: high + room * 0.5, nonnegative: low >= 0};
}

function drawProgress(width, curve, name, text) {
  const values = curve.map((point) => point[1]);
  const first = curve[0][0], last = curve[curve.length - 1][0];
  const plot = frame(width, {
    label: name + ' after each trial, from ' + plain(values[0]) + ' to ' + plain(values[values.length - 1]), height: 280,
    x: {name: 'Trials', low: Math.min(1, first), high: Math.max(last, 2), whole: true},
    y: {name, ...heightsOf(values)},
  });
  const initial = Math.min(report.about.initial || 0, last);
  if (initial > 1) {
    plot.svg.insertBefore(s('rect', {class: 'zone', x: plot.box.left, y: plot.box.top, width: plot.x(initial) - plot.box.left, height: plot.box.bottom - plot.box.top}), plot.svg.firstChild);
    plot.svg.append(s('text', {x: plot.box.left + 6, y: oneObjective && !objectiveAxes[0].more ? plot.box.bottom - 8 : plot.box.top + 14}, width > 600 ? 'initial design' : 'initial'));
  }
  const points = curve.map(([trial, value]) => [plot.x(trial), Math.max(plot.box.top, Math.min(plot.y(value), plot.box.bottom))]);
  plot.svg.append(s('path', {class: 'curve', d: stepPath(points)}));
  crosshair(plot, (x) => {
    const k = Math.max(0, curve.findLastIndex(([trial]) => trial <= x + 0.5));
    const [trial, value] = curve[k];
    const gain = k ? Math.abs(value - curve[k - 1][1]) : oneObjective ? 0 : value;
    return {x: trial, tip: {title: 'After trial ' + trial, rows: [[name.toLowerCase(), text(value)], ['gained by it', gain > 0 ? plain(gain, 2) : '0']]}};
  });
  return plot.svg;
}
