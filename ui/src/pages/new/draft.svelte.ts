/**
 * The experiment that is being made: it outlives the page, so that a look elsewhere loses nothing. A file goes up as
 * soon as it is there; what the platform found in it fills the form.
 */

import { ApiError, api } from '../../lib/api/client.ts';
import type { Experiment, Session, TableProfile, Upload } from '../../lib/api/types.ts';
import { uploadFile } from '../../lib/api/upload-file.ts';
import { nameOf, sortFiles } from './accepted.ts';
import {
  DEFAULT_LIMITS,
  type DraftFields,
  experimentFields,
  experimentForm,
  fieldErrors,
  sessionBody,
} from './draft-fields.ts';

const emptyFields = (): DraftFields => ({
  name: '',
  target: '',
  problemType: '',
  metric: '',
  split: '',
  splitBy: '',
  instructions: '',
  excluded: [],
  kinds: {},
  sharing: 'values',
  model: '',
  limits: { ...DEFAULT_LIMITS },
});

class Draft {
  fields = $state<DraftFields>(emptyFields());
  table = $state.raw<File | null>(null);
  test = $state.raw<File | null>(null);
  refused = $state.raw<readonly string[]>([]);
  /** Share of the table that has gone up; null when nothing is on its way. */
  progress = $state<number | null>(null);
  upload = $state.raw<Upload | null>(null);
  profile = $state.raw<TableProfile | null>(null);
  error = $state.raw<Error | null>(null);
  sending = $state(false);
  #abort = new AbortController();
  // a second click, or a click after a lost answer, makes no second experiment or session
  #keys = { experiment: crypto.randomUUID(), session: crypto.randomUUID() };

  readonly errors = $derived(fieldErrors(this.fields, this.profile?.columns ?? []));
  readonly ready = $derived(this.profile !== null && Object.keys(this.errors).length === 0);

  /** Takes chosen or dropped files; with a table there already, a single file becomes its test file. */
  take(files: readonly File[], as: 'table' | 'test' = 'table'): void {
    const sorted = sortFiles(files);
    this.refused = sorted.refused;
    if (as === 'test') {
      this.#setTest(sorted.table ?? this.test);
      return;
    }
    if (!sorted.table) return;
    this.#setTest(sorted.test);
    void this.#send(sorted.table);
  }

  /** With a test file there is nothing to split. */
  #setTest(file: File | null): void {
    this.test = file;
    if (file !== null) this.fields.split = '';
  }

  dropTest(): void {
    this.test = null;
  }

  retry(): void {
    if (this.table) void this.#send(this.table);
  }

  /** Back to the beginning. */
  clear(): void {
    this.#abort.abort();
    this.fields = emptyFields();
    this.table = null;
    this.test = null;
    this.refused = [];
    this.#reset();
  }

  toggleColumn(name: string): void {
    const { excluded } = this.fields;
    this.fields.excluded = excluded.includes(name)
      ? excluded.filter((each) => each !== name)
      : [...excluded, name];
  }

  /** @param kind '' for what was found */
  setKind(name: string, kind: string): void {
    const { [name]: _, ...others } = this.fields.kinds;
    this.fields.kinds = kind === '' ? others : { ...others, [name]: kind };
  }

  /** Makes the experiment and its session; resolves to the session, or null where it failed (see `error`). */
  async start(): Promise<Session | null> {
    if (!this.ready || this.sending) return null;
    this.sending = true;
    this.error = null;
    try {
      const experiment = await this.#create();
      const session = await api.post<Session>(
        `/api/experiments/${experiment.id}/sessions`,
        sessionBody(this.fields, this.profile?.columns ?? []),
        { idempotencyKey: this.#keys.session },
      );
      this.clear();
      return session;
    } catch (error) {
      this.error = asError(error);
      // a refused request may be mended and sent again, which is another request
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) this.#renewKeys();
      return null;
    } finally {
      this.sending = false;
    }
  }

  async #create(): Promise<Experiment> {
    const idempotencyKey = this.#keys.experiment;
    if (this.table && this.test) {
      const form = experimentForm(this.fields, this.table, this.test);
      const onprogress = (share: number): void => {
        this.progress = share < 1 ? share : null;
      };
      return await api.upload<Experiment>('/api/experiments', form, { idempotencyKey, onprogress });
    }
    const body = { ...experimentFields(this.fields), upload_id: this.upload?.id };
    return await api.post<Experiment>('/api/experiments', body, { idempotencyKey });
  }

  async #send(file: File): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#reset();
    this.table = file;
    this.progress = 0;
    try {
      const onprogress = (share: number): void => {
        this.progress = share;
      };
      const upload = await uploadFile(file, { signal, onprogress });
      const profile =
        upload.profile ?? (await api.get<TableProfile>(`/api/uploads/${upload.id}/preview`, { signal }));
      if (signal.aborted) return;
      this.upload = upload;
      this.#fill(file, profile);
    } catch (error) {
      if (!signal.aborted) this.error = asError(error);
    } finally {
      if (!signal.aborted) this.progress = null;
    }
  }

  #fill(file: File, profile: TableProfile): void {
    this.profile = profile;
    this.fields.name = nameOf(file.name);
    this.fields.target = profile.suggested_target?.name ?? '';
    this.fields.excluded = [];
    this.fields.kinds = {};
    this.fields.splitBy = '';
  }

  #reset(): void {
    this.upload = null;
    this.profile = null;
    this.error = null;
    this.progress = null;
    this.#renewKeys();
  }

  #renewKeys(): void {
    this.#keys = { experiment: crypto.randomUUID(), session: crypto.randomUUID() };
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

export const draft = new Draft();
