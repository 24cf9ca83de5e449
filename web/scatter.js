// Trials as marks over any two axes; the chosen trial is marked in every picture at once.

// spec: {label, height, x: axis, y: axis, stairs: whether the pair's own front is drawn, extra: trial -> tip rows}
function scatter(spec) {
  const host = h('div', {class: 'picture keeps-focus'});
  const redraw = responsive(host, (width) => drawScatter(width, spec));
  choice.follow(redraw);
  return host;
}

function drawScatter(width, spec) {
  const shown = scored.filter((trial) => usable(spec.x, trial) && usable(spec.y, trial));
  if (!shown.length) return h('p', {class: 'soft'}, 'No trial has both values.');
  const plot = frame(width, {
    label: spec.label, height: spec.height,
    x: paddedAxis(spec.x, shown.map(spec.x.value)),
    y: paddedAxis(spec.y, shown.map(spec.y.value)),
  });
  if (spec.stairs) plot.svg.append(stairs(plot, shown.filter((trial) => trial.state === 'complete'), spec));
  const rank = (trial) => (trial.number === choice.number ? 2 : onFront.has(trial.number) ? 1 : 0);
  const items = [...shown].sort((a, b) => rank(a) - rank(b)).map((trial) => markOf(plot, trial, spec));
  plot.svg.append(...items.map((item) => item.node));
  const chosen = items.find((item) => item.trial.number === choice.number);
  if (chosen) plot.svg.append(chosenName(plot, chosen));
  pickable(plot, items);
  return plot.svg;
}

const usable = (axis, trial) => isNumber(axis.value(trial)) && (!axis.log || axis.value(trial) > 0);

function markOf(plot, trial, spec) {
  const x = plot.x(spec.x.value(trial)), y = plot.y(spec.y.value(trial));
  const node = markShape(kindOf(trial), x, y, {'data-trial': trial.number});
  if (trial.number === choice.number) node.classList.add('chosen');
  return {x, y, node, trial, tip: trialTip(trial, spec.extra ? spec.extra(trial) : []), choose: () => choice.choose(trial.number)};
}

function chosenName(plot, item) {
  const right = item.x > plot.box.right - 50;
  return s('text', {class: 'chosen-name', x: item.x + (right ? -10 : 10), y: Math.max(plot.box.top + 10, item.y - 8), 'text-anchor': right ? 'end' : 'start'}, '#' + item.trial.number);
}

// The boundary of what these two objectives alone dominate.
function stairs(plot, shown, spec) {
  const [across, up] = [spec.x.more ? -1 : 1, spec.y.more ? -1 : 1];   // times a value: less is better
  const order = shown.map((trial) => [spec.x.value(trial), spec.y.value(trial)]).sort((a, b) => across * (a[0] - b[0]) || up * (a[1] - b[1]));
  const corners = [];
  for (const [x, y] of order) if (!corners.length || up * (y - corners[corners.length - 1][1]) < 0) corners.push([x, y]);
  if (!corners.length) return s('g', {});
  const points = corners.map(([x, y]) => [plot.x(x), plot.y(y)]);
  const start = [points[0][0], spec.y.more ? plot.box.bottom : plot.box.top];
  return s('path', {class: 'stairs', d: stepPath([start, ...points, [spec.x.more ? plot.box.left : plot.box.right, points[points.length - 1][1]]])});
}

function markLegend(withStairs) {
  const kinds = [['front', bestName], ['complete', oneObjective ? 'complete' : 'dominated']];
  if (scored.some((trial) => trial.state === 'infeasible')) kinds.push(['infeasible', 'infeasible']);
  return h('ul', {class: 'legend'},
    kinds.map(([kind, text]) => h('li', {}, s('svg', {viewBox: '-7 -7 14 14', 'aria-hidden': 'true'}, markShape(kind, 0, 0, {})), text)),
    withStairs && h('li', {}, s('svg', {viewBox: '-7 -7 14 14', 'aria-hidden': 'true'}, s('path', {class: 'stairs', d: 'M-7 -5H0V5H7'})), 'best of this pair alone'),
    diverged.length > 0 && h('li', {}, diverged.length + (diverged.length === 1 ? ' diverged trial is' : ' diverged trials are') + ' not drawn'));
}
