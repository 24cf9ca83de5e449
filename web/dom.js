// Elements, the tooltip, copying. Text from the study reaches the page as text nodes and attributes only, never as markup.
const SVG = document.getElementById('sprite').namespaceURI;

function element(space, tag, attributes, children) {
  const node = space ? document.createElementNS(space, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'style') Object.assign(node.style, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

const h = (tag, attributes, ...children) => element(null, tag, attributes, children);
const s = (tag, attributes, ...children) => element(SVG, tag, attributes, children);

function section(id, title, lead, ...children) {
  return h('section', {id, 'aria-labelledby': id + '-title'},
    h('h2', {id: id + '-title'}, title), lead && h('p', {class: 'soft'}, lead), ...children);
}

function card(title, ...children) {
  return h('div', {class: 'card'}, title && h('h3', {}, title), ...children);
}

// tip: {title, rows: [[name, text], ...], note}
const tip = document.getElementById('tip');

function showTip(content, x, y) {
  tip.replaceChildren(
    h('b', {}, content.title),
    h('dl', {}, (content.rows || []).map(([name, text]) => [h('dt', {}, name), h('dd', {}, text)])),
    content.note ? h('div', {}, content.note) : '');
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const left = x + 14 + box.width > innerWidth - 8 ? x - 14 - box.width : x + 14;
  const top = y + 14 + box.height > innerHeight - 8 ? y - 14 - box.height : y + 14;
  tip.style.left = Math.max(8, Math.min(left, innerWidth - 8 - box.width)) + 'px';
  tip.style.top = Math.max(8, top) + 'px';
}

function hideTip() { tip.hidden = true; }

const tipText = (content) => [content.title, ...(content.rows || []).map((row) => row.join(' ')), content.note].filter(Boolean).join(', ');

function copyButton(text, name) {
  const button = h('button', {class: 'tiny', type: 'button', 'aria-label': name}, 'Copy');
  button.addEventListener('click', async () => {
    button.textContent = (await copyText(text)) ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => { button.textContent = 'Copy'; }, 1600);
  });
  return button;
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h('textarea', {style: {position: 'fixed', opacity: 0}});   // no clipboard for pages opened as files
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}

// Draws now and whenever the host's width changes; draw(width) returns the nodes to show.
function responsive(host, draw) {
  let width = 0;
  const redraw = (force) => {
    const now = Math.floor(host.clientWidth);
    if (now > 0 && (force || now !== width)) { width = now; host.replaceChildren(...[draw(now)].flat()); }
  };
  new ResizeObserver(() => requestAnimationFrame(() => redraw(false))).observe(host);
  setTimeout(() => redraw(false));   // a page that is never shown draws too
  return () => redraw(true);
}
