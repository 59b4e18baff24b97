/** What a command says: data on stdout in the form asked for, sentences for people on stderr. */

import { yamlOf } from './yaml.ts';

export const FORMATS = ['table', 'json', 'yaml'] as const;
export type Format = (typeof FORMATS)[number];

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Asks the person at the terminal; null is ^C or the end of what they type. Itself null where nobody sits there. */
  ask: ((prompt: string, signal?: AbortSignal) => Promise<string | null>) | null;
  /**
   * What a person types without its being shown, or the next line of the input where no terminal is there; null at its
   * end.
   */
  secret(prompt: string): Promise<string | null>;
  /** stderr is a terminal that a person looks at: lines may be rewritten. */
  live: boolean;
  /** The terminal shows more than ASCII. */
  unicode: boolean;
  columns: number;
}

export interface Output {
  readonly format: Format;
  /** The command's result, once: `text` for people, `data` for programs. */
  result(data: unknown, text?: string): void;
  failure(error: { code: string; message: string; details: Record<string, unknown> }): void;
  /** A sentence that is no data. */
  say(sentence: string): void;
}

export function createOutput(terminal: Terminal, format: Format): Output {
  const encode = (value: unknown) => (format === 'yaml' ? yamlOf(value) : `${JSON.stringify(value)}\n`);
  return {
    format,
    result(data, text) {
      if (format === 'table') terminal.out(text ?? tableOf(data, terminal.columns));
      else terminal.out(encode({ ok: true, data }));
    },
    failure({ code, message, details }) {
      if (format === 'table') terminal.err(`tempera: ${printable(message)}\n`);
      else terminal.out(encode({ ok: false, error: { code, message, details } }));
    },
    say: (sentence) => terminal.err(`${printable(sentence)}\n`),
  };
}

/** Text without what would move the cursor or change the terminal; line ends and tabs stay. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}

/** Rows as aligned columns, an object as names and values, anything else as it is. */
export function tableOf(data: unknown, columns: number): string {
  if (Array.isArray(data)) return data.length === 0 ? '(none)\n' : rowsOf(data.map(asRecord), columns);
  if (typeof data === 'object' && data !== null) {
    const entries = Object.entries(data);
    const width = Math.max(0, ...entries.map(([name]) => name.length));
    return entries.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}\n`).join('');
  }
  return `${cell(data)}\n`;
}

/** Never clipped: an id is to be copied, and a sentence that says what to do ends with what to do. */
const WHOLE = new Set(['id', 'reason', 'message', 'remedy']);

function rowsOf(rows: Record<string, unknown>[], columns: number): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
  const most = Math.max(12, Math.floor(columns / Math.max(1, names.length)) * 2);
  const widths = names.map((name, at) =>
    Math.min(
      WHOLE.has(name) ? Number.POSITIVE_INFINITY : most,
      Math.max(...cells.map((row) => row[at]?.length ?? 0)),
    ),
  );
  const line = (row: string[]) =>
    row
      .map((text, at) => clip(text, widths[at] ?? 0).padEnd(at === row.length - 1 ? 0 : (widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${cells.map(line).join('\n')}\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return printable(text).replace(/\s*\n\s*/g, ' ');
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 3))}...` : text;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : { value };
}
