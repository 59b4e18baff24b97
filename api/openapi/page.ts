/** The OpenAPI document as a page for people: no script, nothing from elsewhere. */

import type { JsonObject } from './document.ts';

interface Operation {
  summary: string;
  tags: string[];
  operationId: string;
  parameters: { name: string; in: string; required?: boolean; description?: string; schema?: JsonObject }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

/** One HTML page: the routes by subject, each with its parameters, body and answers. */
export function openApiPage(document: JsonObject): string {
  const { info, paths, components } = document as {
    info: { title: string; version: string; description: string };
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, unknown> };
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? ''))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags[0] === tag);
    return `<h2 id="${slug(tag)}">${escapeHtml(tag)}</h2>${own.map(operationHtml).join('')}`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>` +
      `${code(schema)}</details>`,
  );
  const links = [...tags, 'schemas'].map((tag) => `<a href="#${slug(tag)}">${escapeHtml(tag)}</a>`).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(info.title)} API ${escapeHtml(info.version)}</title>
<link rel="stylesheet" href="/api/docs/style.css"></head>
<body><nav aria-label="Subjects"><a href="/">Tempera</a>${links}</nav><main>
<h1>${escapeHtml(info.title)} API <small>${escapeHtml(info.version)}</small></h1>
<p>${prose(info.description)}</p><p><a href="/api/openapi.json">openapi.json</a></p>
${sections.join('\n')}<h2 id="schemas">schemas</h2>${schemas.join('')}
</main></body></html>`;
}

function operationHtml({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const { summary, parameters, requestBody, responses, operationId } = operation;
  const rows = parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${escapeHtml(name)}</code>${required ? ' *' : ''}</td><td>${escapeHtml(place)}</td>` +
      `<td>${shape(schema)}</td><td>${prose(description ?? '')}</td></tr>`,
  );
  const table =
    rows.length > 0
      ? `<table><tr><th>parameter</th><th>in</th><th>form</th><th></th></tr>${rows.join('')}</table>`
      : '';
  const body = contents(requestBody?.content ?? {}, 'Body');
  const answers = Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(
      ([status, { content = {} }]) =>
        contents(content, `Answer ${status}`) || `<h4>Answer ${escapeHtml(status)}</h4>`,
    );
  return (
    `<details id="${escapeHtml(operationId)}"><summary>` +
    `<b class="${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</b> ` +
    `<code>${escapeHtml(path)}</code> <span>${prose(summary)}</span></summary>` +
    `${table}${body}${answers.join('')}</details>`
  );
}

function contents(content: Record<string, { schema: unknown }>, title: string): string {
  return Object.entries(content)
    .map(
      ([type, { schema }]) =>
        `<h4>${escapeHtml(title)} <small>${escapeHtml(type)}</small></h4>${code(schema)}`,
    )
    .join('');
}

function shape(schema: JsonObject | undefined): string {
  const { type, enum: values, minimum, maximum, default: usual } = schema ?? {};
  const words = [
    Array.isArray(values) ? values.join(' | ') : String(type ?? ''),
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined || Number(maximum) > 2 ** 52 ? '' : `to ${maximum}`,
    usual === undefined ? '' : `default ${usual}`,
  ];
  return escapeHtml(words.filter(Boolean).join(', '));
}

/** JSON whose references to schemas are links. */
function code(schema: unknown): string {
  const text = escapeHtml(JSON.stringify(schema, null, 2) ?? '');
  const linked = text.replace(/#\/components\/schemas\/(\w+)/g, '<a href="#schema-$1">$1</a>');
  return `<pre tabindex="0">${linked}</pre>`;
}

const prose = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
const slug = (text: string): string => text.replace(/\W+/g, '-');

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export const PAGE_STYLE = `:root{color-scheme:light dark;
  --paper:light-dark(#faf8f4,#171512);
  --raised:light-dark(#fff,#1f1d19);
  --ink:light-dark(#1f1d1a,#ede9e1);
  --ink-2:light-dark(#524e47,#b9b3a8);
  --line:light-dark(#e4dfd5,#322e28);
  --link:light-dark(#33459f,#a3b1f6)}
*{box-sizing:border-box}body{margin:0;color:var(--ink);font:15px/1.5 system-ui,sans-serif;background:var(--paper)}
nav{position:sticky;top:0;display:flex;flex-wrap:wrap;gap:4px 16px;padding:10px 24px;background:var(--raised);
  border-bottom:1px solid var(--line)}
main{max-width:960px;margin:0 auto;padding:16px 24px 64px}a{color:var(--link)}
h2{margin-top:40px;text-transform:capitalize}small{color:var(--ink-2);font-weight:400}
details{margin:4px 0;background:var(--raised);border:1px solid var(--line);border-radius:6px}
summary{padding:8px 12px;cursor:pointer}summary span{color:var(--ink-2)}
details>:not(summary){margin-inline:12px}b{display:inline-block;min-width:56px;font-size:12px}
code,pre{font:13px/1.5 ui-monospace,monospace}
pre{max-height:420px;padding:12px;overflow:auto;background:var(--paper);border-radius:6px}
table{border-collapse:collapse}td,th{padding:4px 12px 4px 0;text-align:left;vertical-align:top}`;
