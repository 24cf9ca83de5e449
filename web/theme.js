// Light or dark, as the reader likes; kept by the browser.

function themeButton() {
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const button = h('button', {type: 'button'});
  const name = () => { button.textContent = isDark() ? 'Light' : 'Dark'; button.setAttribute('aria-label', 'Switch to ' + button.textContent.toLowerCase() + ' colours'); };
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    try { localStorage.setItem('parsimony-theme', root.dataset.theme); } catch { /* files may keep nothing */ }
    name();
  });
  try { const kept = localStorage.getItem('parsimony-theme'); if (kept === 'dark' || kept === 'light') root.dataset.theme = kept; } catch { /* as above */ }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', name);
  name();
  return button;
}
