import { parseEvents } from './event-reader.ts';

async function parse(...chunks: string[]) {
  async function* bytes() {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
  }
  const events = [];
  for await (const event of parseEvents(bytes())) events.push(event);
  return events;
}

test('frames are put together from pieces; comments and what is not ended are left out', async () => {
  const events = await parse(
    'retry: 1000\n\n: hi\n\nevent: a\nid: 1\nda',
    'ta: {"x":1}\n\nevent: b\ndata: {}\n',
    '\nevent: c\n',
  );
  expect(events).toEqual([
    { seq: 1, type: 'a', data: { x: 1 } },
    { seq: null, type: 'b', data: {} },
  ]);
});

test('a character that is cut in two arrives whole', async () => {
  const text = Buffer.from('event: a\nid: 2\ndata: {"x":"é"}\n\n', 'utf8').toString('latin1');
  const at = text.indexOf('Ã') + 1;
  expect(await parse(text.slice(0, at), text.slice(at))).toEqual([{ seq: 2, type: 'a', data: { x: 'é' } }]);
});

test('what the standard allows is read: each kind of line end, fields without a space, data over lines', async () => {
  const data = ['{"x":', '1}'];
  for (const end of ['\n', '\r', '\r\n']) {
    const lines = [
      ':c',
      'event:a',
      'id:7',
      ...data.map((line) => `data:${line}`),
      'unknown: 1',
      'retry: 5',
      '',
      '',
    ];
    expect(await parse(`ï»¿${lines.join(end)}`, `${end}id${end}${end}`)).toEqual([
      { seq: 7, type: 'a', data: { x: 1 } },
    ]);
  }
});
