// The front: every pair of objectives, then the table with its export commands.

// What the reader must know before a picture: which way is better.
function goalsText() {
  const maximised = objectiveAxes.filter((axis) => axis.more).map((axis) => axis.name);
  if (!maximised.length) return 'Everything is minimised: the lower left corner is the best.';
  return 'Maximised: ' + maximised.join(', ') + (maximised.length < objectiveAxes.length ? '; the rest is minimised.' : '.');
}

// One objective has no front: its value in each trial.
function valuesSection() {
  const y = objectiveAxes[0], x = {name: 'Trial', unit: '', whole: true, low: 0.5, high: trials.length + 0.5, value: (trial) => trial.number, text: (trial) => String(trial.number)};
  const lead = y.name + ' is ' + (y.more ? 'maximised' : 'minimised') + '. Choose a trial (click, or arrow keys and Enter) and it is marked in every picture.';
  return section('front', 'Every trial', lead, markLegend(false), card(null, scatter({label: y.name + ' of each trial', x, y, height: 320})));
}

function frontSection() {
  if (oneObjective) return valuesSection();
  const lead = goalsText() + ' Choose a trial in any picture (click, or arrow keys and Enter) and it is marked in all of them' +
    (hasNetworks ? '; its network is shown further down.' : '.');
  const pairs = [];
  for (let a = 0; a < objectiveAxes.length; ++a) for (let b = a + 1; b < objectiveAxes.length; ++b) pairs.push([a, b]);
  const cards = pairs.map(([a, b]) => {
    const [y, x] = [objectiveAxes[a], objectiveAxes[b]];
    const title = y.name + ' against ' + x.name;
    return card(title, scatter({label: title + ', one mark a trial', x, y, stairs: true, height: pairs.length === 1 ? 360 : 250}));
  });
  return section('front', 'The front', lead, markLegend(true), h('div', {class: pairs.length === 1 ? '' : pairs.length === 2 ? 'grid two' : 'grid'}, cards));
}

function frontColumns() {
  const columns = [{name: 'Trial', value: (trial) => trial.number, text: (trial) => String(trial.number)}];
  if (hasNetworks) {
    const figure = (name, key, text) => ({name, value: (trial) => trial.network && trial.network[key], text: (trial) => text(trial.network && trial.network[key])});
    columns.push(figure(report.accuracy_name.replace(/ accuracy$/, ''), 'validation_accuracy', percent), figure('F1', 'validation_macro_f1', f1));
    if (report.about.protocol !== 'paper') columns.push(figure('Test', 'test_accuracy', percent), figure('Test F1', 'test_macro_f1', f1));
    columns.push(figure('ROM', 'rom_bytes', bytes), figure('RAM', 'ram_bytes', bytes), figure('FLOPs', 'flops', operations), figure('Parameters', 'parameter_count', whole));
    report.objectives.forEach((objective, k) => { if (!objective.known) columns.push(objectiveAxes[k]); });
  } else {
    columns.push(...objectiveAxes, ...parameterAxes);
  }
  return columns;
}

function frontTableSection() {
  const columns = frontColumns();
  let sorted = columns[Math.min(1, columns.length - 1)], downwards = hasNetworks || Boolean(sorted.more);
  const body = h('tbody', {class: 'keeps-focus'});
  const heads = columns.map((column) => {
    const cell = h('th', {scope: 'col'}, h('button', {type: 'button', onclick: () => { downwards = sorted === column ? !downwards : false; sorted = column; fill(); }}, column.name));
    return cell;
  });
  const fill = () => {
    heads.forEach((cell, k) => (columns[k] === sorted ? cell.setAttribute('aria-sort', downwards ? 'descending' : 'ascending') : cell.removeAttribute('aria-sort')));
    const key = (trial) => { const value = sorted.value(trial); return isNumber(value) ? value : Infinity; };
    const rows = report.front.map((number) => byNumber.get(number)).sort((a, b) => (key(a) - key(b) || a.number - b.number) * (downwards ? -1 : 1));
    body.replaceChildren(...rows.map((trial) => frontRow(trial, columns)));
  };
  fill();
  choice.follow(fill);
  const table = h('table', {class: 'cards'}, h('thead', {}, h('tr', {}, heads, hasNetworks && h('th', {class: 'text', scope: 'col'}, 'Export'))), body);
  const lead = hasNetworks ? 'Networks that no other trial beats in every objective, best accuracy first. The command writes one as C source.' : oneObjective ? 'The trial of the best value.' : 'Points that no other trial beats in every objective.';
  return section('table', oneObjective ? 'The best trial' : 'The front as a table', lead, h('div', {class: 'card scroll-table'}, report.front.length ? table : h('p', {class: 'soft'}, 'No complete trial yet.')));
}

// Breaks between words only, so that "--trial" stays whole; long paths may break anywhere.
function commandText(command) {
  return h('code', {}, command.split(' ').map((word, k) => [k ? ' ' : '', word.length < 24 ? h('span', {class: 'whole'}, word) : word]));
}

function frontRow(trial, columns) {
  const cells = columns.map((column, k) => h('td', {'data-name': column.name, class: k ? '' : 'wide'},
    k ? column.text(trial) : h('button', {type: 'button', class: 'tiny', 'data-trial': trial.number, 'aria-label': 'Choose trial ' + trial.number, 'aria-pressed': String(trial.number === choice.number), onclick: () => choice.choose(trial.number)}, '#' + trial.number)));
  if (hasNetworks) {
    cells.push(h('td', {class: 'text wide bare'}, h('div', {class: 'command'},
      trial.export ? [commandText(trial.export), copyButton(trial.export, 'Copy the export command of trial ' + trial.number)] : h('span', {class: 'soft'}, trial.not_exportable || missing))));
  }
  return h('tr', {class: trial.number === choice.number ? 'chosen' : ''}, cells);
}
