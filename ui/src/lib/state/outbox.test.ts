import { Outbox, type Outcome, type OutMessage } from './outbox.ts';

const message = (id: string, session = 's'): OutMessage => ({ id, session, text: `text of ${id}` });

/** The storage that the tabs of a browser have together. */
function createStorage() {
  const stored = new Map<string, string>();
  return {
    stored,
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
}

/** A platform that is away until a test lets it answer, and takes each key once. */
function createPlatform() {
  const taken: string[] = [];
  const tried: string[] = [];
  let comeBack: () => void = () => undefined;
  const back = new Promise<void>((resolve) => {
    comeBack = resolve;
  });
  const deliver = async ({ id, text }: OutMessage): Promise<{ message: string }> => {
    tried.push(id);
    await back;
    if (text.includes('bad')) throw new Error('It is refused.');
    if (!taken.includes(id)) taken.push(id);
    return { message: `m-${id}` };
  };
  return { taken, tried, deliver, comeBack };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test(
  'messages that were written while nothing answers are sent once, in order, by the page ' +
    'that comes after a reload',
  async () => {
    const storage = createStorage();
    const platform = createPlatform();
    const before = new Outbox({ ...platform, storage });
    const stop = before.start();
    for (const id of ['a', 'b', 'c']) before.add(message(id));
    await settle();
    stop(); // the page is gone
    const after = new Outbox({ ...platform, storage });
    expect(after.of('s').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    const outcomes: [string, Outcome][] = [];
    after.listen('s', (id, outcome) => outcomes.push([id, outcome]));
    after.start();
    platform.comeBack();
    await settle();
    expect(platform.taken).toEqual(['a', 'b', 'c']);
    expect(outcomes).toEqual(['a', 'b', 'c'].map((id) => [id, { message: `m-${id}` }]));
    expect([after.of('s'), storage.stored.get('tempera.outbox')]).toEqual([[], '[]']);
  },
);

test('what is refused stays with its reason, holds up nothing, and goes when it is discarded', async () => {
  const storage = createStorage();
  const platform = createPlatform();
  platform.comeBack();
  const outbox = new Outbox({ ...platform, storage });
  outbox.start();
  const outcomes: [string, Outcome][] = [];
  outbox.listen('s', (id, outcome) => outcomes.push([id, outcome]));
  outbox.add(message('bad'));
  outbox.add(message('good'));
  await settle();
  expect(outcomes).toEqual([
    ['bad', { problem: 'It is refused.' }],
    ['good', { message: 'm-good' }],
  ]);
  expect(new Outbox({ ...platform, storage }).of('s')).toEqual([message('bad')]);
  outbox.retry('bad');
  await settle();
  expect(platform.tried).toEqual(['bad', 'good', 'bad']);
  outbox.discard('bad');
  expect(outbox.of('s')).toEqual([]);
});

test('tabs keep theirs beside each other, and no storage is no failure', async () => {
  const storage = createStorage();
  const platform = createPlatform();
  const [first, second] = [new Outbox({ ...platform, storage }), new Outbox({ ...platform, storage })];
  first.add(message('a'));
  second.add(message('b', 't'));
  first.discard('a');
  expect(new Outbox({ ...platform, storage }).of('t')).toEqual([message('b', 't')]);
  const none = new Outbox({ ...platform, storage: null });
  none.add(message('c'));
  expect(none.of('s')).toEqual([message('c')]);
});
