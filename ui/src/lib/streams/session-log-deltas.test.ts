/** What is said and thought is shown as it comes, and becomes the message in place. */

import type { AgentItem } from './conversation-item.ts';
import { SessionLog } from './session-log.ts';
import { createEvents } from './testing/events.ts';

test('deltas are shown as they come and become the final message in place', () => {
  const log = new SessionLog();
  log.ingestDelta({ part: 'text', message: 'm', epoch: 1, offset: 0, text: 'Hello' });
  log.ingestDelta({ part: 'text', message: 'm', epoch: 1, offset: 3, text: 'lo wor' });
  log.ingestDelta({ part: 'text', message: 'm', epoch: 1, offset: 0, text: 'Hello' });
  expect(log.conversation.items).toMatchObject([{ text: 'Hello wor', streaming: true }]);
  log.ingestDelta({ part: 'text', message: 'm', epoch: 2, offset: 0, text: 'Hi' });
  expect(log.conversation.items).toMatchObject([{ text: 'Hi' }]);
  log.ingest(createEvents()('agent_message', { message: 'm', text: 'Hi there' }));
  log.ingestDelta({ part: 'text', message: 'm', epoch: 2, offset: 2, text: ' late' });
  const [item] = log.conversation.items as AgentItem[];
  expect(item).toMatchObject({ text: 'Hi there', streaming: false, seq: 1 });
  expect(log.conversation.items).toHaveLength(1);
});

test('thinking is shown as it comes, folds with its time, and stands before what was said', () => {
  const log = new SessionLog();
  const event = createEvents();
  log.ingestDelta({ part: 'thinking', message: 'm', epoch: 1, offset: 0, text: '' });
  expect(log.conversation.items).toMatchObject([{ kind: 'thinking', text: '', streaming: true }]);
  log.ingestDelta({ part: 'thinking', message: 'm', epoch: 1, offset: 0, text: 'Three species' });
  log.ingestDelta({ part: 'text', message: 'm', epoch: 1, offset: 0, text: 'I look' });
  expect(log.conversation.items).toMatchObject([
    { kind: 'thinking', text: 'Three species', streaming: false },
    { kind: 'agent', text: 'I look' },
  ]);
  const final = { message: 'm', text: 'Three species, 344 rows.', withheld: false, duration_ms: 1_400 };
  log.ingest(event('agent_thinking', final));
  log.ingest(event('agent_message', { message: 'm', text: 'I look at the table.' }));
  log.ingestDelta({ part: 'thinking', message: 'm', epoch: 2, offset: 0, text: 'late' });
  expect(log.conversation.items).toMatchObject([
    { kind: 'thinking', text: 'Three species, 344 rows.', durationMs: 1_400, streaming: false, seq: 1 },
    { kind: 'agent', text: 'I look at the table.', seq: 2 },
  ]);
});

test('thinking that is first told when its message is being written stands before it', () => {
  const log = new SessionLog();
  log.ingestDelta({ part: 'text', message: 'm', epoch: 1, offset: 0, text: 'I look' });
  const final = { message: 'm', text: '', withheld: true, duration_ms: null };
  log.ingest(createEvents()('agent_thinking', final));
  log.ingestDelta({ part: 'text', message: 'm', epoch: 1, offset: 6, text: ' again' });
  expect(log.conversation.items).toMatchObject([
    { kind: 'thinking', withheld: true, durationMs: null },
    { kind: 'agent', text: 'I look again' },
  ]);
  expect(log.conversation.get('m')).toMatchObject({ kind: 'agent' });
});
