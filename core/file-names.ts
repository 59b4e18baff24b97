/**
 * Names of a session's files. A path is text in which what a reader would not see is escaped, as in a Python string
 * (sandbox.proto says how): `a\nb`, `no utf-8 \xff`, a backslash doubled. That text is the file's name in
 * manifests, rows
 * and pages; where a name must be a plain one, in archives and on disks, it is written in per cent form.
 */

const ESCAPE = /\\(?:([\\nrt])|x([0-9a-f]{2})|u([0-9a-f]{4})|)/g;
const SHORT: Readonly<Record<string, string>> = { '\\': '%5C', n: '%0A', r: '%0D', t: '%09' };

/** The path with each escape as its bytes in per cent form, `a%0Ab`: a name that every system takes. */
export function percentPath(path: string): string {
  return path.replace(ESCAPE, (_, ...escaped: (string | undefined)[]) => {
    const [short, byte, code] = escaped;
    if (short !== undefined) return SHORT[short] ?? '';
    if (byte !== undefined) return `%${byte.toUpperCase()}`;
    if (code !== undefined) return percentBytes(String.fromCharCode(Number.parseInt(code, 16)));
    return '%5C';
  });
}

/** Every byte of a text in per cent form. */
export function percentBytes(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/** The file name under which a file of a dataset appears in the sandbox. */
export const datasetPath = (name: string): string => name.replaceAll(/[/\\\0]/g, '_');
