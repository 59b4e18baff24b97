/** A workflow's history as its server has it: replayed, and kept where histories are to be recorded. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from '@temporalio/worker';
import type { ScriptedPlatform } from '../platform/scripted.ts';

export async function expectReplayed(
  scripted: ScriptedPlatform,
  { workflowId, file }: { workflowId: string; file: string },
): Promise<void> {
  const history = showHistory(scripted, workflowId);
  // those of an earlier release stay: what runs by them must go on
  if (process.env.TEMPERA_RECORD_HISTORIES === '1' && !existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withoutMachine(history));
  }
  const workflowBundle = { codePath: join(process.cwd(), 'build', 'workflow-bundle.js') };
  await expect(
    Worker.runReplayHistory({ workflowBundle }, JSON.parse(history), workflowId),
  ).resolves.toBeUndefined();
}

function showHistory({ platform }: ScriptedPlatform, workflowId: string): string {
  const address = platform.variables().TEMPORAL_ADDRESS ?? '';
  const show = ['workflow', 'show', '--workflow-id', workflowId, '--address', address, '--output', 'json'];
  return execFileSync(process.env.TEMPERA_TEMPORAL ?? 'temporal', show, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** What names the machine on which a history was recorded is no part of it. */
function withoutMachine(history: string): string {
  const clean = (key: string, value: unknown) => {
    if (key === 'stackTrace') return '';
    return key === 'identity' ? 'worker' : value;
  };
  return `${JSON.stringify(JSON.parse(history, clean), null, 1)}\n`;
}
