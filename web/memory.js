// The arena over time: each buffer is a block from its first to its last step, at its offset.

function memoryCard(trial) {
  const plan = trial.network.plan;
  if (!plan) return null;
  const host = h('div', {class: 'picture'});
  responsive(host, (width) => drawMemory(width, plan));
  const gap = plan.arena_bytes - plan.lower_bound_bytes;
  return card('Memory plan: who lies where, and when',
    h('p', {class: 'soft small'}, 'The arena takes ' + whole(plan.arena_bytes) + ' B (planner: ' + plan.planner + '). No plan for this order can take less than ' + whole(plan.lower_bound_bytes) + ' B: ' +
      (gap === 0 ? 'this one is the smallest there is.' : whole(gap) + ' B above it.')),
    h('ul', {class: 'legend'}, [['end', 'input and output'], ['even', 'activations'], ...(plan.buffers.some((b) => b.scratch) ? [['odd', 'scratch']] : [])]
      .map(([kind, name]) => h('li', {}, s('svg', {viewBox: '0 0 14 14', 'aria-hidden': 'true'}, s('rect', {class: 'block ' + kind, width: 14, height: 14})), name))),
    host,
    h('details', {}, h('summary', {}, 'The plan as a table'), h('div', {class: 'scroll-table'}, h('table', {},
      h('thead', {}, h('tr', {}, ['Buffer', 'Offset [B]', 'Bytes', 'First step', 'Last step'].map((name, k) => h('th', {scope: 'col', class: k ? '' : 'text'}, name)))),
      h('tbody', {}, plan.buffers.map((b) => h('tr', {}, h('td', {class: 'text'}, b.name), [b.offset, b.bytes, b.first + 1, b.last + 1].map((v) => h('td', {}, whole(v))))))))));
}

const kStepLetters = 22;

function drawMemory(width, plan) {
  const steps = plan.steps.length;
  const named = (width - 50) / steps >= 13;
  const longest = Math.min(kStepLetters, Math.max(...plan.steps.map((name) => name.length)));
  const bottom = named ? 20 + Math.round(longest * 5.3) : 36;
  const plot = frame(width, {
    label: 'Memory plan, ' + steps + ' steps in ' + plan.arena_bytes + ' bytes', height: 330 + bottom, bottom,
    x: {name: named ? '' : 'Execution step', low: 0, high: steps, whole: true, categories: undefined},
    y: {name: 'Offset in the arena', unit: 'B', low: 0, high: plan.arena_bytes * 1.04},
  });
  if (named) nameSteps(plot, plan);
  const items = plan.buffers.filter((b) => b.bytes > 0).map((b) => blockOf(plot, plan, b));
  plot.svg.append(...items.map((item) => item.node), ...items.map((item) => item.name).filter(Boolean));
  const across = (value, kind) => s('line', {class: 'rule ' + kind, x1: plot.box.left, x2: plot.box.right, y1: plot.y(value), y2: plot.y(value)});
  const gap = plan.arena_bytes - plan.lower_bound_bytes;
  plot.svg.append(across(plan.arena_bytes, 'solid'));
  if (gap > 0) plot.svg.append(across(plan.lower_bound_bytes, ''));
  plot.svg.append(s('text', {x: plot.box.right, y: plot.y(plan.arena_bytes) - 5, 'text-anchor': 'end'}, gap > 0 ? 'arena; dashed: lower bound' : 'arena = lower bound'));
  hoverable(items);
  return plot.svg;
}

function blockOf(plot, plan, b) {
  const x = plot.x(b.first), right = plot.x(b.last + 1), y = plot.y(b.offset + b.bytes);
  const height = Math.max(1, plot.y(b.offset) - y);
  const kind = b.scratch ? 'odd' : b.first === 0 && b.input || b.output ? 'end' : 'even';
  const node = s('rect', {class: 'block ' + kind, x, y, width: right - x, height});
  const fits = (text) => right - x >= text.length * 6 + 8;
  const words = [b.name, bytes(b.bytes)].find(fits);
  const name = height >= 14 && words && s('text', {class: 'block-name', x: x + 4, y: y + Math.min(height / 2 + 4, 14)}, words);
  const span = b.first === b.last ? 'step ' + (b.first + 1) : 'steps ' + (b.first + 1) + '–' + (b.last + 1);
  return {node, name, x, y, tip: {title: b.name, rows: [['bytes', whole(b.bytes)], ['offset', whole(b.offset)], ['alive', span], ['made by', b.input ? 'the caller' : plan.steps[b.first]]]}};
}

function nameSteps(plot, plan) {
  for (const text of [...plot.svg.querySelectorAll('text')]) if (Number(text.getAttribute('y')) > plot.box.bottom) text.remove();
  plan.steps.forEach((name, k) => {
    const x = plot.x(k + 0.5) + 3, y = plot.box.bottom + 10;
    plot.svg.append(s('text', {x, y, transform: `rotate(-60 ${x} ${y})`, 'text-anchor': 'end', style: {fontSize: '10.5px'}}, shorten(name, kStepLetters)));
  });
}
