// How the figures came about: protocol, readings, reference, digest, the configuration itself.

function aboutSection() {
  const entries = report.notes.map(([name, text]) => [h('dt', {}, name), h('dd', {}, text)]);
  const recorded = Object.entries(report.recorded || {});
  return section('about', 'How this was made', null, h('div', {class: 'card'},
    h('dl', {class: 'pairs'}, entries,
      h('dt', {}, 'Digest'), h('dd', {}, h('code', {}, report.digest || missing), ' ', report.digest && copyButton(report.digest, 'Copy the digest'))),
    recorded.length > 0 && h('details', {}, h('summary', {}, 'What the program recorded'),
      h('dl', {class: 'pairs'}, recorded.map(([name, text]) => [h('dt', {}, name), h('dd', {}, h('code', {}, shorten(text, 600)))]))),
    h('details', {}, h('summary', {}, 'The stored configuration'), h('pre', {}, JSON.stringify(report.configuration, null, 2)))));
}
