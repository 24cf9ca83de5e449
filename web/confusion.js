// Which classes a network takes for which, and how many of each it finds.

function confusionCards(trial) {
  const parts = [['validation', report.accuracy_name.replace(/ accuracy$/, '')], ['test', 'Test']].filter(([key]) => trial.network[key] && trial.network[key].confusion)
    .filter(([key]) => key === 'validation' || report.about.protocol !== 'paper');   // there both are the test data
  if (!parts.length) return null;
  const host = h('div', {class: 'grid two'});
  let part = parts[0][0];
  const switches = parts.map(([key, name]) => h('button', {type: 'button', 'aria-pressed': String(key === part), onclick: () => { part = key; fill(); }}, name));
  const fill = () => {
    switches.forEach((button, k) => button.setAttribute('aria-pressed', String(parts[k][0] === part)));
    host.replaceChildren(...confusionParts(trial.network[part], trial));
  };
  fill();
  return h('div', {}, parts.length > 1 && h('div', {class: 'controls'}, h('span', {class: 'switch', role: 'group', 'aria-label': 'Cases'}, switches)), host);
}

const className = (k) => (report.class_names && report.class_names[k]) || 'class ' + (k + 1);

function confusionParts(scores, trial) {
  const matrix = scores.confusion;
  const totals = matrix.map((row) => row.reduce((a, b) => a + b, 0));
  const recall = scores.recall || matrix.map((row, k) => (totals[k] ? row[k] / totals[k] : NaN));
  const host = h('div', {class: 'picture'});
  responsive(host, (width) => drawConfusion(width, matrix, totals, trial));
  const bars = h('div', {class: 'bars roomy'}, matrix.map((row, k) => [
    h('span', {class: 'bar-name'}, (k + 1) + ' ' + className(k)), bar(recall[k], recall[k] < 0.7), h('span', {class: 'bar-value'}, percent(recall[k], 0) + ' of ' + totals[k])]));
  return [card('Confusion: true class down, predicted class across', host), card('Recall of each class', bars)];
}

function drawConfusion(width, matrix, totals, trial) {
  const count = matrix.length;
  const letters = Math.min(18, Math.max(...matrix.map((_, k) => className(k).length + 3)));
  const left = Math.min(width * 0.34, letters * 6.8 + 8);
  const cell = Math.min((width - left) / count, 84), tall = Math.min(cell, 38), top = 20, height = top + tall * count + 4;
  const svg = s('svg', {class: 'plot', viewBox: `0 0 ${width} ${height}`, width, height, role: 'group', 'aria-label': 'Confusion matrix of trial ' + trial.number});
  const items = [];
  matrix.forEach((row, r) => {
    svg.append(s('text', {x: left - 6, y: top + tall * (r + 0.5) + 4, 'text-anchor': 'end'}, shorten((r + 1) + ' ' + className(r), Math.floor((left - 8) / 6.6))));
    svg.append(s('text', {x: left + cell * (r + 0.5), y: 14, 'text-anchor': 'middle'}, String(r + 1)));
    row.forEach((number, c) => {
      const share = totals[r] ? number / totals[r] : 0;
      const tint = share === 0 ? 'var(--grid)' : `color-mix(in srgb, ${r === c ? 'var(--accent)' : 'var(--warm)'} ${Math.round(18 + 82 * share)}%, var(--card))`;
      const node = s('rect', {class: 'block', x: left + cell * c, y: top + tall * r, width: cell, height: tall});
      node.style.fill = tint;
      svg.append(node);
      if (number && cell >= 9 * String(number).length && tall >= 13) svg.append(s('text', {class: 'cell-number ' + (share > 0.45 ? 'dark' : 'light'), x: left + cell * (c + 0.5), y: top + tall * (r + 0.5) + 4, 'text-anchor': 'middle'}, String(number)));
      items.push({node, x: c + r * count, y: 0, tip: {title: className(r), rows: [['taken for', className(c)], ['cases', number + ' of ' + totals[r]], ['share', percent(share, 0)]]}});
    });
  });
  hoverable(items);
  return svg;
}

// Blocks that explain themselves under the pointer and by keys.
function hoverable(items) {
  for (const item of items) {
    item.node.addEventListener('pointermove', (event) => showTip(item.tip, event.clientX, event.clientY));
    item.node.addEventListener('pointerleave', hideTip);
  }
  walkable(items, (item) => { const bounds = item.node.getBoundingClientRect(); showTip(item.tip, bounds.right, bounds.bottom); }, hideTip);
}
