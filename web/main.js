// The page, top to bottom.
document.getElementById('head').append(...head());
document.getElementById('main').append(...[
  frontSection(), progressSection(), frontTableSection(), parametersSection(), networkSection(), rowsSection(), aboutSection(),
].filter(Boolean));
document.getElementById('foot').append(h('p', {}, 'Written by Parsimony ' + report.version + '. This page is one file and asks no network for anything.'));
document.documentElement.dataset.ready = 'yes';
addEventListener('scroll', hideTip, {passive: true});
addEventListener('hashchange', () => {
  const number = Number((location.hash.match(/^#trial-(\d+)$/) || [])[1]);
  if (byNumber.has(number) && number !== choice.number) choice.choose(number);
});
