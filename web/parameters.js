// Any parameter against any objective (or accuracy).

function parametersSection() {
  if (!parameterAxes.length || !scored.length) return null;
  const measures = [...objectiveAxes];
  if (scored.some((trial) => trial.network && isNumber(trial.network.validation_accuracy))) {
    measures.unshift({name: report.accuracy_name, unit: '%', value: (trial) => (trial.network ? 100 * trial.network.validation_accuracy : NaN)});
  }
  const pick = (label, axes, chosen) => {
    const select = h('select', {}, axes.map((axis, k) => h('option', {value: k, selected: k === chosen}, axis.name)));
    return {select, node: h('label', {}, label, select), axis: () => axes[Number(select.value)]};
  };
  const parameter = pick('Parameter', parameterAxes, mostTelling(measures[0])), measure = pick('against', measures, 0);
  const host = h('div', {class: 'picture keeps-focus'});
  const redraw = responsive(host, (width) => {
    const x = parameter.axis(), y = measure.axis();
    return drawScatter(width, {label: y.name + ' against ' + x.name, x, y, height: 320, extra: (trial) => [[x.name, x.text(trial)]]});
  });
  choice.follow(redraw);
  parameter.select.addEventListener('change', redraw);
  measure.select.addEventListener('change', redraw);
  const step = (by) => { parameter.select.value = (Number(parameter.select.value) + by + parameterAxes.length) % parameterAxes.length; redraw(); };
  return section('parameters', 'Parameters', 'What each parameter had to do with the outcome, over all scored trials.',
    card(null, h('div', {class: 'controls'}, parameter.node, measure.node,
      h('span', {class: 'switch'}, h('button', {type: 'button', onclick: () => step(-1)}, 'Previous'), h('button', {type: 'button', onclick: () => step(1)}, 'Next'))), host));
}

// The parameter whose ranks agree most with the measure's: the first picture should be worth a look.
function mostTelling(measure) {
  const ranks = (values) => {
    const order = values.map((value, k) => [value, k]).sort((a, b) => a[0] - b[0]);
    const result = new Array(values.length);
    order.forEach(([, k], rank) => { result[k] = rank; });
    return result;
  };
  const shown = scored.filter((trial) => isNumber(measure.value(trial)));
  const target = ranks(shown.map(measure.value)), middle = (shown.length - 1) / 2;
  const agreement = parameterAxes.map((axis) => Math.abs(ranks(shown.map(axis.value)).reduce((sum, rank, k) => sum + (rank - middle) * (target[k] - middle), 0)));
  return Math.max(0, agreement.indexOf(Math.max(...agreement)));
}
