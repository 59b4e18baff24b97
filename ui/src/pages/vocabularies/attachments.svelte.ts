/** What attaches to the terms of a vocabulary, and what a person changes of it: at once, and taken back by a button. */

import {
  type Attachable,
  type Attachment,
  type AttachmentChange,
  type AttachmentChangeRecord,
  vocabularies,
} from '../../lib/api/classification.ts';
import { Resource } from '../../lib/state/resource.svelte.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';

export class Attachments {
  readonly #vocabulary: () => string;
  readonly #loaded: Resource<{
    items: Attachment[];
    changes: AttachmentChangeRecord[];
    attachable: Attachable[];
  }>;
  #busy = $state(false);

  /** Made in a component's script. */
  constructor(vocabulary: () => string) {
    this.#vocabulary = vocabulary;
    this.#loaded = new Resource((signal) => vocabularies.attachments(vocabulary(), { signal }));
  }

  /** undefined until they are loaded. */
  get items(): readonly Attachment[] | undefined {
    return this.#loaded.value?.items;
  }
  get changes(): readonly AttachmentChangeRecord[] {
    return this.#loaded.value?.changes ?? [];
  }
  get attachable(): readonly Attachable[] {
    return this.#loaded.value?.attachable ?? [];
  }
  get error(): Error | null {
    return this.#loaded.error;
  }
  /** A change is on its way. */
  get busy(): boolean {
    return this.#busy;
  }
  reload(): void {
    this.#loaded.reload();
  }

  /** @param sentence what is told when it is done */
  async change(change: AttachmentChange, sentence: string): Promise<void> {
    await this.#perform(async () => {
      const { id } = await vocabularies.changeAttachment(this.#vocabulary(), change);
      const perform = (): void => void this.undo(id);
      toasts.show(`${sentence} It counts from the next run on.`, { action: { label: 'Undo', perform } });
    });
  }

  async undo(id: string): Promise<void> {
    await this.#perform(async () => {
      await vocabularies.undoAttachments(this.#vocabulary(), [id]);
      toasts.show('The change is taken back.');
    });
  }

  async #perform(work: () => Promise<void>): Promise<void> {
    this.#busy = true;
    try {
      await work();
    } catch (error) {
      toasts.fail(error);
    } finally {
      this.#busy = false;
      this.reload();
    }
  }
}
