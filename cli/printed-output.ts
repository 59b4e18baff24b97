/**
 * What scripts print, as lines a person can read: as a terminal shows it, so that a progress bar is one line. A line
 * is given when nothing can change it any more, the rest when its script has ended.
 */

import { plainText, TerminalReader } from '../core/terminal-text.ts';
import type { ReadEvent } from './event-reader.ts';

export class PrintedOutput {
  readonly #readers = new Map<string, TerminalReader>();
  #lines: string[] = [];

  /** The lines that an event completes. */
  take({ type, data }: ReadEvent): string[] {
    const step = String(data.step ?? '');
    if (type === 'code_output')
      this.#reader(`${step}/${data.execution}/${data.stream}`).write(String(data.text ?? ''));
    if (type === 'tool_end') this.#end(`${step}/`);
    return this.#taken();
  }

  /** What is left, when nobody reads on. */
  end(): string[] {
    this.#end('');
    return this.#taken();
  }

  #reader(name: string): TerminalReader {
    const reader =
      this.#readers.get(name) ??
      new TerminalReader({ eager: true, onLine: (line) => this.#lines.push(plainText(line)) });
    this.#readers.set(name, reader);
    return reader;
  }

  #end(prefix: string): void {
    for (const [name, reader] of this.#readers) {
      if (!name.startsWith(prefix)) continue;
      this.#readers.delete(name);
      const open = reader.open.map(plainText);
      this.#lines.push(...(open.at(-1) === '' ? open.slice(0, -1) : open));
    }
  }

  #taken(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}
