// The chosen trial's network: figures, kept channels, training curves.

function networkSection() {
  const able = trials.filter((trial) => trial.network);
  if (!able.length) return null;
  const select = h('select', {'aria-label': 'Trial'},
    h('optgroup', {label: 'On the front'}, able.filter((trial) => onFront.has(trial.number)).map(trialOption)),
    h('optgroup', {label: 'Others'}, able.filter((trial) => !onFront.has(trial.number)).map(trialOption)));
  const order = able.map((trial) => trial.number);
  const step = (by) => choice.choose(order[(Math.max(0, order.indexOf(choice.number)) + by + order.length) % order.length]);
  select.addEventListener('change', () => choice.choose(Number(select.value)));
  const host = h('div', {class: 'stack'});
  const fill = () => {
    select.value = String(choice.number);
    const trial = choice.trial;
    host.replaceChildren(...(trial && trial.network ? networkParts(trial) : [card(null, h('p', {class: 'soft'}, 'Trial ' + choice.number + ' has no network.'))]).filter(Boolean));
  };
  choice.follow(fill);
  fill();
  return section('network', 'A network of the study', null,
    h('div', {class: 'controls'}, h('label', {}, 'Trial', select),
      h('span', {class: 'switch'}, h('button', {type: 'button', onclick: () => step(-1)}, 'Previous'), h('button', {type: 'button', onclick: () => step(1)}, 'Next'))),
    host);
}

function trialOption(trial) {
  const network = trial.network;
  return h('option', {value: trial.number}, ['#' + trial.number, percent(network.validation_accuracy), bytes(network.rom_bytes)].filter((text) => text !== missing).join(' · '));
}

function networkParts(trial) {
  return [figuresCard(trial), confusionCards(trial), curvesCard(trial), h('div', {class: 'grid two'}, keptCard(trial), parametersCard(trial)), memoryCard(trial)];
}

function figuresCard(trial) {
  const network = trial.network;
  const drop = isNumber(network.float_accuracy) && isNumber(network.validation_accuracy) ? (network.validation_accuracy - network.float_accuracy) * 100 : NaN;
  const entries = [
    [report.accuracy_name, percent(network.validation_accuracy), isNumber(network.validation_cases) ? whole(network.validation_cases) + ' cases' : ''],
    ['Macro F1', f1(network.validation_macro_f1), report.accuracy_name.replace(/ accuracy$/, '').toLowerCase()],
    ['Before quantisation', percent(network.float_accuracy), isNumber(drop) ? 'int8 ' + (drop >= 0 ? '+' : '−') + Math.abs(drop).toFixed(1) + ' points' : ''],
    report.accuracy_name !== 'Test accuracy' && ['Test accuracy', percent(network.test_accuracy), isNumber(network.test_cases) ? whole(network.test_cases) + ' cases' : ''],
    report.accuracy_name !== 'Test accuracy' && ['Test macro F1', f1(network.test_macro_f1), ''],
    ['Cross-entropy', plain(network.validation_cross_entropy, 3), report.accuracy_name.replace(/ accuracy$/, '').toLowerCase()],
    ['ROM', bytes(network.rom_bytes), isNumber(network.constant_bytes) ? bytes(network.constant_bytes) + ' constants' : ''],
    ['RAM', bytes(network.ram_bytes), 'arena'],
    ['FLOPs', operations(network.flops), 'one inference'],
    ['Parameters', whole(network.parameter_count), ''],
    ['Training', seconds(network.seconds_training), ''],
  ].filter((entry) => entry && entry[1] !== missing);
  return card('Trial ' + trial.number,
    h('p', {}, h('span', {class: 'badge ' + trial.state}, trial.state), ' ', onFront.has(trial.number) && h('span', {class: 'badge'}, 'on the front'), ' ',
      trial.diverged && h('span', {class: 'badge diverged'}, 'diverged: ' + trial.diverged)),
    h('dl', {class: 'figures'}, entries.map(([name, value, note]) => h('div', {}, h('dt', {}, name), h('dd', {}, value, note && h('small', {}, note))))));
}

function bar(share, poor) {
  return h('span', {class: 'bar', 'aria-hidden': 'true'}, h('i', {class: poor ? 'poor' : '', style: {width: (100 * Math.min(1, Math.max(0, share))).toFixed(1) + '%'}}));
}

function keptCard(trial) {
  const kept = trial.network.kept || [];
  if (!kept.length) return null;
  const sparsity = trial.network.sparsity || {};
  const total = (group, count) => (isNumber(sparsity[group]) && sparsity[group] < 1 ? Math.round(count / (1 - sparsity[group])) : NaN);
  return card('Channels kept in each group', h('div', {class: 'bars'}, kept.map(([group, count]) => {
    const all = total(group, count);
    return [h('span', {class: 'bar-name'}, group), bar(isNumber(all) ? count / all : 1),
      h('span', {class: 'bar-value'}, isNumber(all) ? [count + ' of ' + all, h('span', {class: 'wide-only'}, ', ' + percent(sparsity[group], 0) + ' pruned')] : String(count))];
  })));
}

function parametersCard(trial) {
  const shown = parameterAxes.filter((_, k) => !report.parameters[k].name.startsWith('keep_'));
  if (!shown.length) return null;
  return card('Its parameters', h('table', {}, h('tbody', {}, shown.map((axis) => h('tr', {}, h('td', {class: 'text soft'}, axis.name), h('td', {}, axis.text(trial)))))));
}

function curvesCard(trial) {
  const curve = trial.network.curve;
  if (!curve || !curve.epoch || curve.epoch.length < 2) return null;
  const panels = [
    {key: 'loss', name: 'Training loss', value: (v) => v},
    {key: 'accuracy', name: 'Training accuracy', unit: '%', value: (v) => 100 * v},
    {key: 'parameters', name: 'Parameters left', unit: 'FLOP', steps: true, low: 0, value: (v) => v},
    {key: 'rate', name: 'Learning rate', steps: true, log: true, value: (v) => v},
  ].filter((panel) => curve[panel.key] && curve[panel.key].some(isNumber));
  return card('Training' + (trial.network.folds ? ' (first of ' + trial.network.folds + ' folds)' : ''), h('div', {class: 'grid' + (panels.length === 4 ? ' four' : '')}, panels.map((panel) => {
    const host = h('div', {class: 'picture'});
    responsive(host, (width) => drawCurve(width, curve, panel));
    return host;
  })));
}

function drawCurve(width, curve, panel) {
  const samples = curve.epoch.map((epoch, k) => [epoch, panel.value(curve[panel.key][k])]).filter(([, value]) => isNumber(value) && (!panel.log || value > 0));
  if (!samples.length) return h('p', {class: 'soft'}, panel.name + ': nothing was measured');
  const values = samples.map((sample) => sample[1]);
  const plot = frame(width, {
    label: panel.name + ' over the epochs, ends at ' + withUnit(values[values.length - 1], panel.unit === '%' ? '%' : ''), height: 190,
    x: {name: 'Epoch', low: samples[0][0], high: samples[samples.length - 1][0], whole: true},
    y: paddedAxis({name: panel.name, unit: panel.unit, log: panel.log, nonnegative: true, low: panel.low, high: panel.unit === '%' ? 100 : undefined}, values),
  });
  plot.svg.append(s('path', {class: 'curve', d: (panel.steps ? stepPath : path)(samples.map(([x, y]) => [plot.x(x), plot.y(y)]))}));
  crosshair(plot, (x) => {
    const sample = samples.reduce((best, one) => (Math.abs(one[0] - x) < Math.abs(best[0] - x) ? one : best));
    return {x: sample[0], tip: {title: 'Epoch ' + sample[0], rows: [[panel.name, panel.key === 'parameters' ? whole(sample[1]) : withUnit(sample[1], panel.unit)]]}};
  });
  return plot.svg;
}
