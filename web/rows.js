// What became of every trial, and why some gave nothing.

function rowsSection() {
  const strip = h('div', {class: 'strip keeps-focus', role: 'group', 'aria-label': 'All trials in order'});
  const open = (trial) => ['queued', 'running', 'stale'].includes(trial.state);
  const describe = (trial) => (open(trial) || trial.state === 'failed' ? {title: 'Trial ' + trial.number, rows: [['state', trial.state]], note: trial.reason} : trialTip(trial));
  const fill = () => strip.replaceChildren(...trials.map((trial) => {
    const kind = trial.diverged ? 'diverged' : open(trial) ? 'open' : kindOf(trial);
    return h('button', {type: 'button', class: kind + (trial.number === choice.number ? ' chosen' : ''), 'data-trial': trial.number, 'aria-label': tipText(describe(trial)),
      onclick: () => choice.choose(trial.number), onpointerleave: hideTip,
      onpointermove: (event) => showTip(describe(trial), event.clientX, event.clientY)}, String(trial.number));
  }));
  fill();
  choice.follow(fill);
  const troubled = trials.filter((trial) => trial.diverged || trial.state === 'failed' || trial.state === 'infeasible' || open(trial));
  const kinds = [['front', bestName], ['', 'complete'], ['failed', hasNetworks ? 'infeasible, failed or diverged' : 'infeasible or failed'], ['open', 'not ended']];
  return section('rows', 'All trials', null, h('div', {class: 'card'},
    h('ul', {class: 'legend'}, kinds.map(([kind, name]) => h('li', {}, h('span', {class: 'strip', style: {margin: 0}}, h('button', {type: 'button', tabindex: -1, 'aria-hidden': 'true', class: kind, style: {width: '14px', height: '14px'}})), name))),
    strip, troubled.length ? troubleTable(troubled) : h('p', {class: 'soft'}, 'Every trial ended well: none failed' + (hasNetworks ? ', diverged' : '') + ' or broke a constraint.')));
}

function troubleTable(troubled) {
  return h('table', {class: 'cards'},
    h('thead', {}, h('tr', {}, h('th', {class: 'text', scope: 'col'}, 'Trial'), h('th', {class: 'text', scope: 'col'}, 'State'), h('th', {class: 'text', scope: 'col'}, 'Reason'))),
    h('tbody', {}, troubled.map((trial) => h('tr', {},
      h('td', {class: 'text', 'data-name': 'Trial'}, String(trial.number)),
      h('td', {class: 'text', 'data-name': 'State'}, h('span', {class: 'badge ' + (trial.diverged ? 'diverged' : trial.state)}, trial.diverged ? 'diverged' : trial.state)),
      h('td', {class: 'text wide', 'data-name': 'Reason'}, trial.diverged || trial.reason || brokenConstraints(trial) || missing)))));
}

function brokenConstraints(trial) {
  return (report.constraints || []).map((name, k) => [name, trial.constraints[k]]).filter(([, value]) => value > 0).map(([name, value]) => name + ' is ' + plain(value) + ', must be ≤ 0').join('; ');
}
