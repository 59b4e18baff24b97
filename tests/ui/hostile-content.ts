/** What an agent that was talked into it could write, to run code in a person's browser or to call home to `origin`. */

import { VALID_EDA } from '../platform/scripted.ts';

/** Set in the page's window by whatever of it runs. */
export const MARK = 'hostileContentRan';

const run = (what: string): string => `window.${MARK}='${what}'`;

/** Markdown that tries every way in at once. */
export const hostileText = (origin: string): string => `# Findings <script>${run('script')}</script>

The end of this line must be seen: <img src="eda/figures/line.png" onload="${run('onload')}"> harmless.

<svg onload="${run('svg')}"><script>${run('svg script')}</script></svg>
<iframe srcdoc="<script>parent.${MARK}='frame'</script>"></iframe>
<details open ontoggle="${run('toggle')}"><summary>More</summary>text</details>
<math><mtext><table><mglyph><style>${[`<img src="${origin}/mutation.png" onerror="${run('mutation')}">`].join(
  '',
)}</style></mglyph></table></mtext></math>

[a link](javascript:${MARK}=1) <a href="java&#10;script:${run('link')}">another link</a>
![far away](${origin}/markdown.png) <img src="${origin}/html.png"> <img srcset="${origin}/set.png 2x">

<style>@import url(${origin}/style.css); body { background: url(${origin}/body.png) }</style>
<link rel="stylesheet" href="${origin}/link.css"><base href="${origin}/">
<meta http-equiv="refresh" content="0;url=${origin}/refresh">
<object data="${origin}/object"></object><embed src="${origin}/embed">
<form action="${origin}/form"><button autofocus onfocus="${run('focus')}">Send</button></form>
`;

/** A page and a drawing that do the same, and names that are markup themselves. */
const page = (origin: string): string =>
  `<!doctype html><h1>A page</h1><script>${run('page')};parent.${MARK}='parent'</script><img ` +
  `src="${origin}/page.png" onerror="${run('page image')}">`;
const drawing = (origin: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="${run('drawing')}">` +
  `<script>${run('drawing script')}</script><image ` +
  `href="${origin}/drawing.png"/><circle cx="20" cy="20" r="18"/></svg>`;

/** Names of files, as they stand in the tree. */
export const HOSTILE_NAME = `<img src=x onerror=window.${MARK}=1>.txt`;

/** Python that leaves all of it in the session. */
export const hostileFiles = (origin: string): string => `${VALID_EDA}
report = pathlib.Path('eda/report.md')
report.write_text(report.read_text() + ${JSON.stringify(hostileText(origin))})
pathlib.Path('eda/page.html').write_text(${JSON.stringify(page(origin))})
pathlib.Path('eda/drawing.svg').write_text(${JSON.stringify(drawing(origin))})
pathlib.Path('eda/notes.md').write_text(${JSON.stringify(hostileText(origin))})
pathlib.Path('eda/' + ${JSON.stringify(HOSTILE_NAME)}).write_text('nothing')
print(${JSON.stringify(`<script>${run('output')}</script>`)})
`;
