/** A session's decisions on their way to a new file: it goes up, then what fits is shown, anew with each answer. */

import { ApiError, api } from '../../lib/api/client.ts';
import type { AgainPreview, Session } from '../../lib/api/types.ts';
import { uploadFile } from '../../lib/api/upload-file.ts';
import { sortFiles } from '../new/accepted.ts';
import { answersToSend } from './again-words.ts';

export class AgainDraft {
  readonly #path: string;
  file = $state.raw<File | null>(null);
  refused = $state.raw<readonly string[]>([]);
  /** Share of the file that has gone up; null when nothing is on its way. */
  progress = $state<number | null>(null);
  preview = $state.raw<AgainPreview | null>(null);
  answers = $state<Record<string, string>>({});
  error = $state.raw<Error | null>(null);
  busy = $state(false);
  #upload: string | null = null;
  #abort = new AbortController();
  // a second click, or one after a lost answer, makes no second experiment
  #key = crypto.randomUUID();

  readonly ready = $derived(
    this.preview !== null && answersToSend(this.preview.questions, this.answers) !== null,
  );

  constructor(session: string) {
    this.#path = `/api/sessions/${encodeURIComponent(session)}/again`;
  }

  take(files: readonly File[]): void {
    const { table, test, refused } = sortFiles(files);
    const more = test ? [`${test.name} was left out: one table is taken here.`] : [];
    this.refused = [...refused, ...more];
    if (table) void this.#send(table);
  }

  /** What other questions ask rests on it. */
  answer(id: string, choice: string): void {
    this.answers = { ...this.answers, [id]: choice };
    void this.#tell(this.#abort.signal);
  }

  clear(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.file = null;
    this.refused = [];
    this.preview = null;
    this.answers = {};
    this.error = null;
    this.progress = null;
    this.busy = false;
    this.#upload = null;
    this.#key = crypto.randomUUID();
  }

  /** Makes the experiment; resolves to its session, or null where it failed (see `error`). */
  async start(): Promise<Session | null> {
    const answers = answersToSend(this.preview?.questions ?? [], this.answers);
    if (answers === null || this.busy) return null;
    this.busy = true;
    this.error = null;
    try {
      const body = { upload_id: this.#upload, mode: 'auto', answers };
      return await api.post<Session>(this.#path, body, { idempotencyKey: this.#key });
    } catch (error) {
      this.error = asError(error);
      // a refused request may be mended and sent again, which is another request
      if (error instanceof ApiError && error.status >= 400 && error.status < 500)
        this.#key = crypto.randomUUID();
      return null;
    } finally {
      this.busy = false;
    }
  }

  async #send(file: File): Promise<void> {
    const { refused } = this;
    this.clear();
    this.refused = refused;
    const { signal } = this.#abort;
    this.file = file;
    this.progress = 0;
    try {
      const onprogress = (share: number): void => {
        this.progress = share;
      };
      const upload = await uploadFile(file, { signal, onprogress });
      this.#upload = upload.id;
      await this.#tell(signal);
    } catch (error) {
      if (!signal.aborted) this.error = asError(error);
    } finally {
      if (!signal.aborted) this.progress = null;
    }
  }

  async #tell(signal: AbortSignal): Promise<void> {
    const body = { upload_id: this.#upload, answers: this.#knownAnswers(), dry_run: true };
    try {
      const preview = await api.post<AgainPreview>(this.#path, body, { signal });
      if (!signal.aborted) this.preview = preview;
    } catch (error) {
      if (!signal.aborted) this.error = asError(error);
    }
  }

  /** An answer to what is asked no more would be refused. */
  #knownAnswers(): Record<string, string> {
    const asked = this.preview?.questions.map(({ id }) => id) ?? [];
    return Object.fromEntries(Object.entries(this.answers).filter(([id]) => asked.includes(id)));
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
