/** Changes decisions by gRPC, as any client of the proto would. */

import { credentials, Metadata } from '@grpc/grpc-js';
import { STAGES, type Stage } from '../../core/stages.ts';
import type { ChangeDecisionsResponse } from '../../proto/generated/tempera/v1/decisions.ts';
import { PlatformClient } from '../../proto/generated/tempera/v1/platform.ts';
import type { DecideResult } from '../../workflows/contract/messages.ts';
import type { TestPlatform } from './platform.ts';

interface ChangeRequest {
  session: string;
  changes: { key: string; value: unknown }[];
  how: 'fork' | 'rerun';
}

/** @returns what REST would answer, as far as tests ask */
export async function changeByGrpc(
  { run }: Pick<TestPlatform, 'run'>,
  { session, changes, how }: ChangeRequest,
): Promise<Pick<DecideResult, 'how' | 'stage' | 'anew' | 'adopted'>> {
  const client = new PlatformClient(run().addresses.grpc ?? '', credentials.createInsecure());
  try {
    const answer = await new Promise<ChangeDecisionsResponse>((resolve, reject) => {
      const listed = changes.map((each) => ({ ...each, withdraw: false }));
      const request = { sessionId: session, changes: listed, how, dryRun: false };
      client.changeDecisions(request, new Metadata(), (error, response) =>
        error ? reject(error) : resolve(response),
      );
    });
    const stages = answer.anew.map(stageOf);
    const adopted = answer.adopted.map((each) => ({ ...each, stage: stageOf(each.stage) }));
    const stage = answer.stage === '' ? null : stageOf(answer.stage);
    return { how: answer.how as DecideResult['how'], stage, anew: stages, adopted };
  } finally {
    client.close();
  }
}

function stageOf(name: string): Stage {
  const stage = STAGES.find((each) => each === name);
  if (stage === undefined) throw new Error(`[${name}] is no stage`);
  return stage;
}
