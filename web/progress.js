// Hypervolume after each trial.

function progressSection() {
  const curve = report.hypervolume.curve;
  const host = h('div', {class: 'picture'});
  responsive(host, (width) => (curve.length ? drawProgress(width, curve) : h('p', {class: 'soft'}, 'No trial has ended yet.')));
  const reference = report.objectives.map((objective, k) => objective.label + ' ' + withUnit(report.hypervolume.reference[k] * objective.scale, objective.unit)).join(', ');
  return section('progress', 'Hypervolume over trials', 'How much of the objective space up to the reference point (' + reference + ') the complete trials dominate. More is better.', card(null, host));
}

function drawProgress(width, curve) {
  const values = curve.map((point) => point[1]);
  const settled = values.slice(Math.floor(values.length / 10)).filter((value) => value > 0);
  const low = Math.min(...(settled.length ? settled : values)), high = Math.max(...values);
  const room = (high - low || high || 1) * 0.15;
  const first = curve[0][0], last = curve[curve.length - 1][0];
  const plot = frame(width, {
    label: 'Hypervolume after each trial, from ' + plain(values[0]) + ' to ' + plain(high), height: 280,
    x: {name: 'Trials', low: Math.min(1, first), high: Math.max(last, 2), whole: true},
    y: {name: 'Hypervolume', low: Math.max(0, low - room), high: high + room * 0.5},
  });
  const initial = Math.min(report.about.initial || 0, last);
  if (initial > 1) {
    plot.svg.insertBefore(s('rect', {class: 'zone', x: plot.box.left, y: plot.box.top, width: plot.x(initial) - plot.box.left, height: plot.box.bottom - plot.box.top}), plot.svg.firstChild);
    plot.svg.append(s('text', {x: plot.box.left + 6, y: plot.box.top + 14}, width > 600 ? 'initial design' : 'initial'));
  }
  const points = curve.map(([trial, value]) => [plot.x(trial), Math.min(plot.y(value), plot.box.bottom)]);
  plot.svg.append(s('path', {class: 'curve', d: stepPath(points)}));
  crosshair(plot, (x) => {
    const k = Math.max(0, curve.findLastIndex(([trial]) => trial <= x + 0.5));
    const [trial, value] = curve[k];
    const gain = value - (k ? curve[k - 1][1] : 0);
    return {x: trial, tip: {title: 'After trial ' + trial, rows: [['hypervolume', plain(value, 5)], ['gained by it', gain > 0 ? plain(gain, 2) : '0']]}};
  });
  return plot.svg;
}
