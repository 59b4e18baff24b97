import { expect, test } from '@jest/globals';
import { asEvent } from '../../../lib/streams/log-event.ts';
import { latestLogs, takeRichLog } from './rich-log.ts';

const event = (data: Record<string, unknown>, type = 'rich_log') =>
  asEvent({ seq: 1, type, stage: 'train', run: 1, data, created_at: '' });

test('a logged matrix, table and image keep what they show', () => {
  const matrix = takeRichLog(
    event({
      kind: 'confusion_matrix',
      name: 'test',
      data: {
        labels: ['a', 'b'],
        matrix: [
          [3, 1],
          [0, 4],
        ],
      },
    }),
  );
  expect(matrix?.matrix).toEqual({
    labels: ['a', 'b'],
    counts: [
      [3, 1],
      [0, 4],
    ],
  });
  const table = takeRichLog(
    event({ kind: 'table', name: 'top', data: { columns: ['x'], rows: [[1]], total_rows: 9 } }),
  );
  expect(table?.table).toEqual({ columns: ['x'], rows: [[1]], total: 9 });
  expect(takeRichLog(event({ kind: 'image', name: 'roc', path: 'train/logs/roc.png' }))).toMatchObject({
    ...{ path: 'train/logs/roc.png', table: null, matrix: null },
  });
  expect(takeRichLog(event({}, 'metrics_batch'))).toBeNull();
});

test('a name that is logged again shows its newest', () => {
  const logs = ['old', 'new'].map((path) => takeRichLog(event({ kind: 'image', name: 'roc', path })));
  const [shown, ...rest] = latestLogs(logs.filter((log) => log !== null));
  expect(rest).toEqual([]);
  expect(shown?.path).toBe('new');
});
