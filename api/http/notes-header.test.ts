import { notesHeader } from './notes-header.ts';

const read = (header: string): unknown => JSON.parse(decodeURIComponent(header));

test('what is to be known of a file goes through a header as it is, in any script', () => {
  const notes = { total: 3, told: ['Größe fehlt.', '売上 is missing.\nIn all rows.'], missing: [] };
  expect(read(notesHeader(notes))).toEqual(notes);
  expect(notesHeader(notes)).toMatch(/^[\x21-\x7e]*$/);
});

test('more than fits is cut, and that is said', () => {
  const told = Array.from({ length: 2_000 }, (_, at) => `column ${at} is not in the file.`);
  const header = notesHeader({ total: 5, told });
  expect(header.length).toBeLessThanOrEqual(6_000);
  const kept = read(header) as { total: number; told: string[]; cut: boolean };
  expect([kept.total, kept.cut, kept.told[0]]).toEqual([5, true, told[0]]);
  expect(kept.told.length).toBeGreaterThan(20);
  expect(read(notesHeader({ told: ['x'.repeat(50_000)] }))).toEqual({ told: [], cut: true });
});
