import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTurns, type Turns, takeTurn } from './turns.ts';

describe('turns with what files share', () => {
  let turns: Turns;
  const servers: Server[] = [];
  beforeEach(async () => {
    turns = await startTurns(async (order) => {
      if (order !== 'say yes') throw new Error(`no such order: ${order}`);
      return 'yes';
    });
  });
  afterEach(() => {
    turns.close();
    for (const server of servers.splice(0)) server.close();
  });

  /** A model that says its name. @returns its port */
  async function model(name: string): Promise<number> {
    const server = createServer((_, answer) => answer.end(name)).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const asked = async () =>
    (await fetch(turns.modelUrl, { headers: { connection: 'close' } }).catch(() => null))?.text() ?? 'nobody';

  test('one has it at a time, in the order of asking, and calls go to its model', async () => {
    const [first, second] = await Promise.all([model('first'), model('second')]);
    const taken = await takeTurn(turns.port, first);
    expect(await asked()).toBe('first');
    let waits = true;
    const waiting = takeTurn(turns.port, second).then((turn) => {
      waits = false;
      return turn;
    });
    expect([await asked(), waits]).toEqual(['first', true]);
    taken.give();
    const next = await waiting;
    expect(await asked()).toBe('second');
    next.give();
  });

  test('calls are broken off while nobody has the turn', async () => {
    expect(await asked()).toBe('nobody');
  });

  test('whoever keeps the platform obeys the one whose turn it is, and says why it cannot', async () => {
    const turn = await takeTurn(turns.port, await model('any'));
    expect(await turn.order('say yes')).toBe('yes');
    await expect(turn.order('say no')).rejects.toThrow('no such order: say no');
    turn.give();
  });

  test('who waits and goes away is passed over', async () => {
    const [first, last] = await Promise.all([model('first'), model('last')]);
    const taken = await takeTurn(turns.port, first);
    const gone = new AbortController();
    const away = takeTurn(turns.port, first, gone.signal);
    gone.abort();
    await expect(away).rejects.toThrow();
    const waiting = takeTurn(turns.port, last);
    taken.give();
    const next = await waiting;
    expect(await asked()).toBe('last');
    next.give();
  });
});
