/** The end of a follow-up: what it has added is synced, then one transaction closes it. */

import type { NewEvent } from '../core/events.ts';
import type { SessionState } from '../core/session-state.ts';
import {
  inSession,
  listArtifacts,
  lockSession,
  pendingUserMessages,
  updateSession,
  upsertArtifacts,
} from '../db/index.ts';
import type { FollowUpEnd } from '../workflows/contract/activities.ts';
import { type SyncedArtifact, syncArtifacts } from './artifacts.ts';
import { endOpenSteps } from './call-records.ts';
import { whileHeartbeating } from './heartbeat.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import { followUpEvent } from './stage-opening.ts';
import { readManifest } from './workspaces.ts';

export interface FollowUpStop extends FollowUpEnd {
  state: 'failed' | 'cancelled';
  /** Of a failed one. */
  error?: { code: string; message: string };
}

export function createFollowUps(ports: ActivityPorts) {
  return {
    /** @returns pending: the person has said more meanwhile, so that it goes on */
    async finishFollowUp(end: FollowUpEnd & { base: string | null }): Promise<{ pending: boolean }> {
      const artifacts = await whileHeartbeating(() => syncAdded(ports, end));
      return inSession(ports, end, async (tx, tell) => {
        const session = await lockSession(tx, ownerOf(end), end.sessionId);
        if (session?.follow_up?.n !== end.n) return { pending: false };
        const pending = await pendingUserMessages(tx, end.sessionId);
        if (pending.length > 0) return { pending: true };
        await upsertArtifacts(tx, artifacts);
        await updateSession(tx, end.sessionId, CLOSED);
        await tell(...doneEvents(end, session.state, artifacts));
        return { pending: false };
      });
    },

    /** A follow-up that was cancelled or failed; the session's state stays. */
    async stopFollowUp(end: FollowUpStop): Promise<void> {
      const { n, stage, run, state, error } = end;
      await inSession(ports, end, async (tx, tell) => {
        const session = await lockSession(tx, ownerOf(end), end.sessionId);
        if (session?.follow_up?.n !== n) return;
        await updateSession(tx, end.sessionId, CLOSED);
        await endOpenSteps({ tx, tell }, end, error?.message ?? 'The follow-up was cancelled.');
        const list: NewEvent[] = [followUpEvent(end, session.state, state)];
        if (error) list.unshift({ key: `follow-up/${n}/error`, type: 'error', stage, run, data: error });
        await tell(...list);
      });
    },
  };
}

const CLOSED = { follow_up: null, waiting: null, stop_after_step: false };

/** Files that are new; those of the validated stage keep the artifacts that were validated. */
async function syncAdded(
  ports: ActivityPorts,
  end: FollowUpEnd & { base: string | null },
): Promise<SyncedArtifact[]> {
  if (end.base === null) return [];
  const { stage, run } = end;
  const { database } = ports;
  const held = await listArtifacts(database, ownerOf(end), { session: end.sessionId, stage, run });
  const paths = new Set(held?.map((artifact) => artifact.path));
  const entries = await readManifest(ports, end.base);
  return syncArtifacts(
    ports,
    end,
    entries.filter((entry) => !paths.has(entry.path)),
  );
}

function doneEvents(end: FollowUpEnd, state: SessionState, artifacts: SyncedArtifact[]): NewEvent[] {
  const { n, stage, run } = end;
  const done = followUpEvent(end, state, 'done');
  if (artifacts.length === 0) return [done];
  const files = artifacts.map(({ path }) => path);
  return [{ key: `follow-up/${n}/files`, type: 'files_ready', stage, run, data: { files, stage } }, done];
}
