import { type ShownStatus, statusText } from './status-text.ts';

const running: ShownStatus = {
  ...{ state: 'ready', home: '/h', processes: [] },
  addresses: { api: 'http://127.0.0.1:7400', temporalUi: null },
};
const parts = {
  postgres: { status: 'ok', latency_ms: 1 },
  overall_status: 'degraded',
  models: {
    waits: [
      { provider: 'anthropic', cause: 'down', since: '12:00', next_try: '12:02', sessions: 2 },
      { provider: 'anthropic', cause: 'repeated', since: '12:00', next_try: null, sessions: 1 },
    ],
  },
};

test('providers that sessions wait for are told, with since when and the next try', () => {
  expect(statusText(running, parts, 100)).toContain(
    '2 sessions wait for the model provider anthropic (down), since 12:00, next try 12:02\n' +
      '1 session waits for the model provider anthropic (repeated), since 12:00\noverall: degraded\n',
  );
});

test('without waits nothing is said of them', () => {
  expect(statusText(running, { ...parts, models: { waits: [] } }, 100)).not.toContain('model provider');
});
