// The study as the page sees it: axes over trials, and the one trial that is chosen.
const report = JSON.parse(document.getElementById('report-data').textContent);
const trials = report.trials;
const byNumber = new Map(trials.map((trial) => [trial.number, trial]));
const onFront = new Set(report.front);
const hasNetworks = report.has_networks;
const oneObjective = report.objectives.length === 1;   // its best value stands where otherwise the hypervolume does
const bestName = oneObjective ? 'the best' : 'on the front';

const kindOf = (trial) => (onFront.has(trial.number) ? 'front' : trial.state);
// A diverged training has error 1 by definition: drawn with the others it would only squeeze them.
const scored = trials.filter((trial) => (trial.state === 'complete' || trial.state === 'infeasible') && !trial.diverged);
const diverged = trials.filter((trial) => trial.diverged);

// One axis for each objective, in the unit that it is shown in.
const objectiveAxes = report.objectives.map((objective, index) => {
  const value = (trial) => {
    const raw = trial.objectives[index];
    return isNumber(raw) ? raw * objective.scale : NaN;
  };
  const values = scored.map(value).filter(isNumber);
  const positive = values.length > 0 && values.every((v) => v > 0);
  const wide = positive && Math.max(...values) / Math.min(...values) > 100;
  const log = positive && (objective.unit === 'B' || objective.unit === 'FLOP' || (objective.unit !== '%' && wide));
  return {name: objective.label, unit: objective.unit, log, more: objective.goal === 'maximise', value, text: (trial) => withUnit(value(trial), objective.unit)};
});

const parameterAxes = report.parameters.map((parameter, index) => {
  const value = (trial) => trial.parameters[index];
  const axis = {name: parameter.name, unit: '', log: parameter.log, whole: parameter.type === 'integer', value, text: (trial) => plain(value(trial))};
  if (parameter.type === 'categorical') {
    axis.categories = parameter.choices;
    axis.text = value;
    axis.value = (trial) => parameter.choices.indexOf(value(trial));
  }
  const group = parameter.name.replace(/^keep_/, '');
  if (group !== parameter.name) {
    axis.name = 'Channels kept in ' + group;
    axis.text = (trial) => {
      const sparsity = trial.network && trial.network.sparsity && trial.network.sparsity[group];
      return value(trial) + (isNumber(sparsity) ? ' (' + percent(sparsity, 0) + ' pruned)' : '');
    };
  }
  return axis;
});

function trialTip(trial, extra = []) {
  const network = trial.network;
  const rows = objectiveAxes.map((axis) => [axis.name, axis.text(trial)]);
  if (network && isNumber(network.validation_accuracy)) rows.unshift([report.accuracy_name, percent(network.validation_accuracy)]);
  const note = trial.state === 'infeasible' ? 'breaks a measured constraint' : trial.diverged ? 'training diverged' : undefined;
  return {title: 'Trial ' + trial.number + (onFront.has(trial.number) ? ' · ' + bestName : ''), rows: [...rows, ...extra], note};
}

const choice = {
  number: report.best ?? report.front[0] ?? null,
  followers: [],
  get trial() { return byNumber.get(this.number); },
  follow(update) { this.followers.push(update); },
  choose(number) {
    this.number = number;
    try { history.replaceState(null, '', '#trial-' + number); } catch { /* some browsers refuse on files */ }
    const focused = document.activeElement, keeper = focused && focused.closest('.keeps-focus'), trial = keeper && focused.dataset.trial;
    this.followers.forEach((update) => update());   // they draw their marks and rows anew
    if (trial && !focused.isConnected) keeper.querySelector(`[data-trial="${trial}"]`)?.focus();
  },
};
const addressed = Number((location.hash.match(/^#trial-(\d+)$/) || [])[1]);
if (byNumber.has(addressed)) choice.number = addressed;
