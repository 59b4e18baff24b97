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
}

export class OutputCapture {
  readonly #pieces: Uint8Array[] = [];
  readonly #decoder = new TextDecoder();
  readonly #transcript = new TerminalTranscript();
  #text = '';

  /** @returns the text that these bytes complete; a character that is cut waits for the next ones */
  add(bytes: Uint8Array): string {
    this.#pieces.push(bytes);
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
    return { bytes: Buffer.concat(this.#pieces), text: this.#text, shown: this.#transcript.text };
  }
}
