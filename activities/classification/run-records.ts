/** What a run's workflow reads and writes itself: where it stands. */

import type { ClassificationRun } from '../../core/classification/records.ts';
import { derivedId } from '../../core/ids.ts';
import { changeRun, inRun, nextWindow } from '../../db/index.ts';
import type { LoadedRun, RunKey, RunMove } from '../../workflows/contract/classification.ts';
import { openRun, sourceOf } from './open-run.ts';
import type { ClassificationPorts } from './ports.ts';

/** The offline agent has no word to give of a column; another model's provider must be there, or the run says so. */
const hasModel = ({ models }: ClassificationPorts, { settings: { model } }: ClassificationRun): boolean =>
  model !== null && models.get(model.split('/', 1)[0] ?? '')?.offline !== true;

export function createRunRecords(ports: ClassificationPorts) {
  const { database, events, settings } = ports;
  return {
    /** @throws TemperaError NOT_FOUND when the run or its source is gone */
    async loadRun(key: RunKey): Promise<LoadedRun> {
      const run = await openRun(ports, key);
      const { display_name } = await sourceOf(ports, run);
      return {
        ...{ state: run.state, progress: run.progress, sourceName: display_name },
        ...{ parallel: run.settings.parallel, maxColumns: run.settings.max_columns },
        learns: run.settings.trained_members,
        rounds: hasModel(ports, run) ? run.settings.rounds : null,
        heartbeatSeconds: settings.heartbeatSeconds,
        continueAfterEvents: settings.continueAfterEvents,
      };
    },

    /** Rows and event at once; a repeated move changes nothing. */
    async moveRun({ runId, ...change }: RunMove): Promise<void> {
      await inRun({ database, events }, runId, async (tx, tell) => {
        const { state, progress, notes, error } = await changeRun(tx, { id: runId, ...change });
        const { notes: fresh = [] } = change;
        await tell({
          key: derivedId(state, JSON.stringify([progress, fresh, error])),
          type: 'classification',
          data: {
            ...{ state, progress },
            ...(fresh.length > 0 ? { notes: fresh.filter((note) => notes.includes(note)) } : {}),
            ...(error === null ? {} : { error }),
          },
        });
      });
    },

    /** The next tables that have about so many columns together. */
    async nextColumns({
      runId,
      from,
      columns,
    }: RunKey & { from: number; columns: number }): Promise<{ to: number }> {
      const { to } = await nextWindow(database, runId, { from, columns });
      return { to };
    },
  };
}
