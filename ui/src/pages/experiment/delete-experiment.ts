import { api } from '../../lib/api/client.ts';
import type { ListedExperiment } from '../../lib/api/types.ts';
import { live } from '../../lib/live/live.svelte.ts';
import { toasts } from '../../lib/state/toasts.svelte.ts';

type Named = Pick<ListedExperiment, 'id' | 'name'>;

const UNDO_MS = 8_000;

/**
 * Takes the experiment out of sight at once and deletes it when the time to undo is over. A window that is closed
 * before then leaves it where it was.
 */
export function deleteExperiment(experiment: Named): void {
  live.hide(experiment.id);
  toasts.show(`${experiment.name} is deleted with its sessions and files.`, {
    milliseconds: UNDO_MS,
    action: { label: 'Undo', perform: () => live.restore(experiment.id) },
    onexpire: () => void remove(experiment),
  });
}

async function remove(experiment: Named): Promise<void> {
  try {
    await api.delete(`/api/experiments/${experiment.id}`);
  } catch (error) {
    live.restore(experiment.id);
    toasts.fail(error);
  }
  await live.refresh();
}
