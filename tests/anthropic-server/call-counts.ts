/** Counts what the server was asked and what it answered, for tests that no answer is paid for twice. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export const CountsSchema = z.object({
  /** Requests for a message that came in, whatever became of them. */
  calls: z.number(),
  /** Answers that went out to their message_stop: what a provider would bill. */
  completed: z.number(),
  /** Completed answers to a body that had had a completed answer before. */
  repeated: z.number(),
  /** Requests that broke a rule of the protocol. */
  refused: z.number(),
  /** Failures that the script ordered. */
  failed: z.number(),
  /** Answers that were begun and not completed. */
  broken: z.number(),
});
export type Counts = z.infer<typeof CountsSchema>;

const NONE: Counts = { calls: 0, completed: 0, repeated: 0, refused: 0, failed: 0, broken: 0 };

export class CallCounts {
  readonly #file: string | undefined;
  readonly #answered = new Set<string>();
  #counts: Counts;

  /** With `file`, the counts are kept there after each change and go on from there after a restart. */
  constructor(file?: string) {
    this.#file = file;
    this.#counts =
      file && existsSync(file) ? CountsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : { ...NONE };
  }

  get all(): Counts {
    return { ...this.#counts };
  }

  add(kind: Exclude<keyof Counts, 'repeated' | 'completed'>): number {
    this.#counts = { ...this.#counts, [kind]: this.#counts[kind] + 1 };
    this.#save();
    return this.#counts[kind];
  }

  /** Counts a completed answer to the request with this body. */
  complete(body: string): void {
    const hash = createHash('sha256').update(body).digest('hex');
    const repeated = this.#counts.repeated + (this.#answered.has(hash) ? 1 : 0);
    this.#answered.add(hash);
    this.#counts = { ...this.#counts, completed: this.#counts.completed + 1, repeated };
    this.#save();
  }

  #save(): void {
    if (!this.#file) return;
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#counts));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
