// The head of the page: what was searched, and what came of it in five figures.

function head() {
  const about = report.about;
  const facts = [['network', about.network], ['command', shorten(about.command, 120)], ['data', about.data], ['target', about.target], ['solver', about.solver], ['protocol', about.protocol], ['seed', about.seed]];
  return [
    h('div', {class: 'top'},
      h('div', {}, h('p', {class: 'eyebrow'}, 'Parsimony · ' + (hasNetworks ? 'network search' : 'optimisation study')), h('h1', {}, report.study)),
      themeButton()),
    h('ul', {class: 'facts'}, facts.filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => h('li', {}, name + ' ', h('b', {}, String(value))))),
    h('div', {class: 'tiles'}, tiles()),
  ];
}

function tile(name, value, note) {
  return h('div', {class: 'tile'}, h('div', {class: 'name'}, name), h('div', {class: 'value'}, value), h('div', {class: 'note'}, note));
}

function tiles() {
  const states = Object.entries(report.counts).filter(([, count]) => count > 0).map(([state, count]) => count + ' ' + state).join(', ');
  const ended = trials.filter((trial) => ['complete', 'infeasible', 'failed'].includes(trial.state)).length;
  const made = [
    tile('Trials', String(ended), states || 'none yet'),
  ];
  if (!oneObjective) made.push(
    tile('On the front', String(report.front.length), report.objectives.length + ' objectives'),
    tile('Hypervolume', plain(report.hypervolume.value), 'reference ' + report.hypervolume.reference.map((value, k) => plain(report.objectives[k].goal === 'maximise' ? -value : value)).join(', ')));
  const best = byNumber.get(report.best);
  if (best && best.network && isNumber(best.network.validation_accuracy)) made.push(...networkTiles(best));
  else if (best) made.push(tile((objectiveAxes[0].more ? 'Greatest ' : 'Least ') + objectiveAxes[0].name, objectiveAxes[0].text(best), 'trial ' + best.number));
  return made;
}

function networkTiles(best) {
  const accuracy = best.network.validation_accuracy;
  const test = isNumber(best.network.test_accuracy) && report.about.protocol !== 'paper' ? percent(best.network.test_accuracy) + ' test, ' : '';
  const near = report.front.map((number) => byNumber.get(number))
    .filter((trial) => trial.network && isNumber(trial.network.rom_bytes) && trial.network.validation_accuracy >= accuracy - 0.03)
    .sort((a, b) => a.network.rom_bytes - b.network.rom_bytes)[0];
  const made = [tile('Best ' + report.accuracy_name.toLowerCase(), percent(accuracy), test + 'trial ' + best.number)];
  if (near) made.push(tile('Smallest within 3 points of it', bytes(near.network.rom_bytes) + ' ROM', bytes(near.network.ram_bytes) + ' RAM, ' + percent(near.network.validation_accuracy) + ', trial ' + near.number));
  return made;
}
