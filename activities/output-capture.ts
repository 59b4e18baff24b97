/** What an execution prints to one stream: as bytes, as text, and as a terminal shows it. */

import { lawfulText } from '../core/lawful-text.ts';
import { TerminalTranscript } from '../core/terminal-text.ts';

export interface CapturedOutput {
  /** As it came, to be downloaded. */
  bytes: Buffer;
  /** The bytes as UTF-8; what is none, and NUL, is U+FFFD. */
  text: string;
  /** Carriage returns and control sequences applied: what a model is told. */
  shown: string;
  /** Bytes that were printed: more than `bytes` where the host kept only head and tail of them. */
  printed: number;
}

export class OutputCapture {
  readonly #pieces: Uint8Array[] = [];
  readonly #decoder = new TextDecoder();
  readonly #transcript = new TerminalTranscript();
  #text = '';
  #printed = 0;

  /**
   * @param from where they stand in all that is printed; by default after the last ones
   * @returns the text that these bytes complete; a character that is cut waits for the next ones
   */
  add(bytes: Uint8Array, from = this.#printed): string {
    this.#pieces.push(bytes);
    this.#printed = Math.max(this.#printed, from + bytes.length);
    // jsonb cannot hold NUL
    const text = lawfulText(this.#decoder.decode(bytes, { stream: true }));
    this.#transcript.write(text);
    this.#text += text;
    return text;
  }

  /** What the platform says at the end of it: no byte of the script's. */
  remark(text: string): void {
    this.#transcript.write(text);
    this.#text += text;
  }

  get whole(): CapturedOutput {
    const bytes = Buffer.concat(this.#pieces);
    return { bytes, text: this.#text, shown: this.#transcript.text, printed: this.#printed };
  }
}
