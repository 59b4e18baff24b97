/** Answers of a model that are lost on their way: none is asked for again without being counted. */

import type { ScriptedAnswer } from '../anthropic-server/script.ts';
import { expectSound } from '../platform/invariants.ts';
import { startEda } from '../platform/scripted.ts';
import { useBreakableModel, WELL } from './breakable-model.ts';

const MINUTES = 60_000;

describe('answers that are lost', () => {
  const { scripted, model, rest, command, waiting } = useBreakableModel();
  const garbled: ScriptedAnswer = {
    kind: 'answer',
    content: [{ type: 'text', text: 'It is said in full. '.repeat(40) }],
    garbled: true,
  };
  /** Starts a session whose answers are all lost. */
  async function lose(body = {}): Promise<string> {
    model().setScript(() => garbled);
    return startEda(scripted(), body);
  }

  test(
    'a turn is delivered three times, each counted, then a person is asked',
    async () => {
      const before = model().counts().completed;
      const id = await lose();
      const now = await waiting(id, 'provider', 'repeated');
      expect(now.until).toBeUndefined();
      expect(now.message).toContain('3 times');
      expect(model().counts().completed - before).toBe(3);
      const usage = await rest().usage(id);
      expect(usage.requests).toBe(3);
      expect(usage.cost).toBeGreaterThan(0);
      const lost = (await rest().events(id)).filter((event) => event.type === 'usage');
      expect(lost.map(({ data }) => data.lost)).toEqual([true, true, true]);
      expect(lost.reduce((sum, { data }) => sum + Number(data.cost), 0)).toBeCloseTo(usage.cost, 9);
      expect(lost.reduce((sum, { data }) => sum + Number(data.tokens), 0)).toBe(usage.tokens);
      // by itself it asks no more
      expect((await command(id, 'limits', { turns: 29 })).status).toBe(200);
      await waiting(id, 'provider', 'repeated');
      expect(model().counts().completed - before).toBe(3);
      model().setScript(WELL);
      expect((await command(id, 'resume')).status).toBe(200);
      await rest().waitFor(id, ['eda_done']);
      expect((await rest().usage(id)).cost).toBeGreaterThan(usage.cost);
    },
    2 * MINUTES,
  );

  test(
    'they count against the limits before the next one is asked for',
    async () => {
      const before = model().counts().completed;
      const id = await lose({ limits: { cost: 0.000_01 } });
      await waiting(id, 'limit', 'cost');
      expect(model().counts().completed - before).toBe(1);
      await command(id, 'cancel');
    },
    2 * MINUTES,
  );

  test(
    'streams without event lines are read',
    async () => {
      model().setScript(async (request, call) => {
        const reply = await WELL(request, call);
        return reply.kind === 'answer' ? { ...reply, dataOnly: true } : reply;
      });
      const id = await startEda(scripted());
      await rest().waitFor(id, ['eda_done']);
      await expectSound(scripted().platform, id);
    },
    2 * MINUTES,
  );
});
