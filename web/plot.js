// One picture with two axes. The y axis is named above the plot, so that nothing has to be read sideways.

// spec: {label, height, x: axis, y: axis, top, bottom}; the axes are already padded
function frame(width, spec) {
  const height = spec.height || 240;
  const tall = Math.max(2, Math.round((height - 60) / 36));
  const probe = makeScale(spec.y, 1, 0, tall);
  const left = 10 + 7 * Math.max(2, ...probe.ticks.map((tick) => Math.min(14, tick.text.length)));
  const box = {left, right: width - 8, top: spec.top || 24, bottom: height - (spec.bottom || 36)};
  const x = makeScale(spec.x, box.left, box.right, Math.max(2, Math.floor((box.right - box.left) / 60)));
  const y = makeScale(spec.y, box.bottom, box.top, tall);
  const svg = s('svg', {class: 'plot', viewBox: `0 0 ${width} ${height}`, width, height, role: 'group', 'aria-label': spec.label});
  svg.append(
    s('text', {class: 'axis-name', x: 0, y: 12}, y.title),
    s('text', {class: 'axis-name', x: box.right, y: height - 3, 'text-anchor': 'end'}, x.title));
  for (const tick of y.ticks) {
    svg.append(
      s('line', {class: 'gridline', x1: box.left, x2: box.right, y1: y(tick.value), y2: y(tick.value)}),
      s('text', {x: box.left - 7, y: y(tick.value) + 4, 'text-anchor': 'end'}, shorten(tick.text, 14)));
  }
  xTicks(svg, x, box);
  svg.append(s('line', {class: 'baseline', x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom}));
  return {svg, x, y, box, width, height};
}

const shorten = (text, letters) => (text.length > letters ? text.slice(0, letters - 1) + '…' : text);

function xTicks(svg, x, box) {
  let free = -Infinity;
  for (const tick of x.ticks) {
    const half = tick.text.length * 3.4;
    const middle = Math.min(Math.max(x(tick.value), half), box.right + 8 - half);
    svg.append(s('line', {class: 'gridline', x1: x(tick.value), x2: x(tick.value), y1: box.top, y2: box.bottom}));
    if (middle - half < free) continue;
    svg.append(s('text', {x: middle, y: box.bottom + 15, 'text-anchor': 'middle'}, tick.text));
    free = middle + half + 6;
  }
}

function path(points) {
  return points.map(([x, y], k) => (k ? 'L' : 'M') + x.toFixed(1) + ' ' + y.toFixed(1)).join('');
}

function stepPath(points) {
  return points.map(([x, y], k) => (k ? 'H' + x.toFixed(1) + 'V' + y.toFixed(1) : 'M' + x.toFixed(1) + ' ' + y.toFixed(1))).join('');
}

// kind: front (a disc), complete (a ring), infeasible (a triangle)
function markShape(kind, x, y, attributes) {
  if (kind === 'infeasible') {
    return s('path', {...attributes, class: 'mark infeasible', d: `M${x} ${y - 5.5}L${x + 5} ${y + 3.5}H${x - 5}Z`});
  }
  return s('circle', {...attributes, class: 'mark ' + kind, cx: x, cy: y, r: kind === 'front' ? 5.5 : 4});
}

// Hover, touch and keys over marks. items: [{x, y, node, tip, choose}], nodes already in the svg.
// The nearest mark within 28 pixels answers; arrow keys walk from mark to mark; Enter chooses.
function pickable(plot, items) {
  if (!items.length) return;
  const {svg, width} = plot;
  const halo = s('circle', {class: 'halo', r: 9, visibility: 'hidden'});
  svg.append(halo);
  const place = (item, x, y) => {
    halo.setAttribute('cx', item.x); halo.setAttribute('cy', item.y); halo.setAttribute('visibility', 'visible');
    showTip(item.tip, x, y);
  };
  const clear = () => { halo.setAttribute('visibility', 'hidden'); hideTip(); };
  const nearest = (event) => {
    const bounds = svg.getBoundingClientRect(), zoom = width / bounds.width;
    const x = (event.clientX - bounds.left) * zoom, y = (event.clientY - bounds.top) * zoom;
    let best = null, distance = 28;
    for (const item of items) {
      const d = Math.hypot(item.x - x, item.y - y);
      if (d < distance) { best = item; distance = d; }
    }
    return best;
  };
  svg.addEventListener('pointermove', (event) => { const item = nearest(event); item ? place(item, event.clientX, event.clientY) : clear(); });
  svg.addEventListener('pointerleave', clear);
  svg.addEventListener('click', (event) => { const item = nearest(event); if (item && item.choose) item.choose(); });
  walkable(items, (item) => {
    const bounds = item.node.getBoundingClientRect();
    place(item, bounds.right, bounds.bottom);
  }, clear);
}

// One tab stop for a picture's marks, arrow keys between them, left to right.
function walkable(items, show, clear) {
  const order = [...items].sort((a, b) => a.x - b.x || a.y - b.y);
  order.forEach((item, k) => {
    const node = item.node;
    node.setAttribute('tabindex', k ? -1 : 0);
    node.setAttribute('role', item.choose ? 'button' : 'img');
    node.setAttribute('aria-label', tipText(item.tip));
    node.addEventListener('focus', () => { if (node.matches(':focus-visible')) show(item); });
    node.addEventListener('blur', clear);
    node.addEventListener('keydown', (event) => {
      const move = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1}[event.key];
      if (move) {
        event.preventDefault();
        const next = order[(k + move + order.length) % order.length].node;
        node.setAttribute('tabindex', -1); next.setAttribute('tabindex', 0); next.focus();
      } else if ((event.key === 'Enter' || event.key === ' ') && item.choose) {
        event.preventDefault(); item.choose();
      } else if (event.key === 'Escape') clear();
    });
  });
}

// A vertical line that follows the pointer over a curve. at(x value) -> {x, tip} of the nearest sample.
function crosshair(plot, at) {
  const line = s('line', {class: 'cross', y1: plot.box.top, y2: plot.box.bottom, visibility: 'hidden'});
  plot.svg.append(line);
  plot.svg.addEventListener('pointermove', (event) => {
    const bounds = plot.svg.getBoundingClientRect();
    const sample = at(plot.x.invert((event.clientX - bounds.left) * plot.width / bounds.width));
    if (!sample) return;
    line.setAttribute('x1', plot.x(sample.x)); line.setAttribute('x2', plot.x(sample.x)); line.setAttribute('visibility', 'visible');
    showTip(sample.tip, event.clientX, event.clientY);
  });
  plot.svg.addEventListener('pointerleave', () => { line.setAttribute('visibility', 'hidden'); hideTip(); });
}
