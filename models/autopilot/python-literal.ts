/** JSON-like values as Python literals, for PARAMETERS blocks. */

const INDENT = '    ';

/** A Python expression for `value`; objects and long arrays go over several lines. Undefined becomes None. */
export function toPythonLiteral(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'None';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => toPythonLiteral(item, depth + 1));
    return wrapped(items, '[]', depth);
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${quoted(key)}: ${toPythonLiteral(item, depth + 1)}`,
  );
  return depth === 0 ? broken(entries, '{}', depth) : wrapped(entries, '{}', depth);
}

/** JSON's string escapes are Python's too, except for the two line separators. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u2028\u2029\u007f]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

type Brackets = '[]' | '{}';

function wrapped(items: string[], brackets: Brackets, depth: number): string {
  const [open, close] = brackets;
  const line = `${open}${items.join(', ')}${close}`;
  return line.length <= 90 ? line : broken(items, brackets, depth);
}

function broken(items: string[], brackets: Brackets, depth: number): string {
  const [open, close] = brackets;
  if (items.length === 0) return `${open}${close}`;
  const inner = INDENT.repeat(depth + 1);
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join('')}${INDENT.repeat(depth)}${close}`;
}
