import type { Terminal } from '../output.ts';

export interface WrittenTerminal {
  terminal: Terminal;
  /** What was written so far. */
  written: { out: string; err: string };
}

/** A terminal at which nobody sits: what is written there is kept as text; `lines` are its input. */
export function writtenTerminal(...lines: string[]): WrittenTerminal {
  const written = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    secret: async () => lines.shift() ?? null,
    ...{ ask: null, live: false, unicode: false, columns: 80 },
  };
  return { terminal, written };
}
