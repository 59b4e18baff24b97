import type { Report } from '../../lib/streams/session-log.ts';
import { newerReport, shownReport } from './report-shown.ts';

const report = (stage: Report['stage'], at: string): Report => ({ stage, run: 1, content: '', at });
const eda = report('eda', '2026-01-01T10:00:00Z');
const prep = report('prep', '2026-01-01T11:00:00Z');

test('the last report is shown until one is chosen or read', () => {
  expect(shownReport([eda, prep], { asked: null, held: null })).toBe(prep);
  expect(shownReport([eda, prep], { asked: null, held: 'eda' })).toBe(eda);
  expect(shownReport([eda, prep], { asked: 'prep', held: 'eda' })).toBe(prep);
  expect(shownReport([eda, prep], { asked: 'train', held: null })).toBe(prep);
  expect(shownReport([], { asked: null, held: 'eda' })).toBeUndefined();
});

test('a report that came while another was read is offered', () => {
  expect(newerReport([eda, prep], eda)).toBe(prep);
  expect(newerReport([eda, prep], prep)).toBeNull();
  // the stage before it was run again: the shown one is the newer
  expect(
    newerReport([report('eda', '2026-01-01T12:00:00Z'), prep], report('eda', '2026-01-01T12:00:00Z')),
  ).toBeNull();
});
