/** An agent that goes round in circles, by the same call with the same result, is told, then stopped. */

import type { Session } from '../../core/records.ts';
import { blocksOf, type MessagesRequest } from '../anthropic-server/wire.ts';
import { expectSound } from '../platform/invariants.ts';
import { byStage, startEda, tool } from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';
import { done, report, useBreakableModel, waitsOf } from './breakable-model.ts';

const MINUTES = 60_000;

describe('an agent that goes round in circles', () => {
  const { scripted, model, rest, command } = useBreakableModel();
  const again = [tool('read_file', { path: 'eda/none.txt' })];
  const textOf = ({ messages }: MessagesRequest) =>
    messages.flatMap(blocksOf).filter((block) => JSON.stringify(block).includes('From the platform')).length;
  const looping = (turns: Parameters<typeof byStage>[0]['eda']) => {
    const seen: number[] = [];
    const answers = byStage({ eda: turns ?? [] });
    model().setScript((request, call) => {
      seen.push(textOf(request));
      return answers(request, call);
    });
    return seen;
  };

  test(
    'is told the third time and stopped the fifth, with what repeats; a message lets it go on',
    async () => {
      const seen = looping([again, again, again, again, again, report, done]);
      const id = await startEda(scripted());
      const now: Session['waiting'] = await until('it waits', async () => {
        const { waiting: loop } = await rest().session(id);
        return loop?.reason === 'loop' ? loop : null;
      });
      expect(now?.message).toContain('reading “eda/none.txt” has given the same result 5 times');
      expect(seen).toEqual([0, 0, 0, 1, 2]);
      await command(id, 'messages', { text: 'Leave that file alone.' });
      await rest().waitFor(id, ['eda_done']);
      await expectSound(scripted().platform, id);
    },
    2 * MINUTES,
  );

  test(
    'is let go on by resume, told so, and counted anew',
    async () => {
      looping([again, again, again, again, again, again, report, done]);
      const id = await startEda(scripted());
      await until('it waits', async () => (await rest().session(id)).waiting?.reason === 'loop');
      expect((await command(id, 'resume')).status).toBe(200);
      await rest().waitFor(id, ['eda_done']);
      expect(JSON.stringify(model().requests.at(-1)?.messages)).toContain('lets you go on');
      expect(waitsOf(await rest().events(id)).map(({ data }) => data.reason)).toEqual(['loop', null]);
    },
    2 * MINUTES,
  );
});
