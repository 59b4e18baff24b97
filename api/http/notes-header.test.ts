import { notesHeader } from './notes-header.ts';

const read = (header: string): unknown => JSON.parse(decodeURIComponent(header));

test('what is to be known of a file goes through a header as it is, in any script', () => {
  const notes = { total: 3, remarks: ['Größe fehlt.', '売上 is missing.\nIn all rows.'], missing: [] };
  expect(read(notesHeader(notes))).toEqual(notes);
  expect(notesHeader(notes)).toMatch(/^[\x21-\x7e]*$/);
});

test('more than fits is cut, and that is said', () => {
  const remarks = Array.from({ length: 2_000 }, (_, at) => `column ${at} is not in the file.`);
  const header = notesHeader({ total: 5, remarks });
  expect(header.length).toBeLessThanOrEqual(6_000);
  const shorter = read(header) as { total: number; remarks: string[]; cut: boolean };
  expect([shorter.total, shorter.cut, shorter.remarks[0]]).toEqual([5, true, remarks[0]]);
  expect(shorter.remarks.length).toBeGreaterThan(20);
  expect(read(notesHeader({ remarks: ['x'.repeat(50_000)] }))).toEqual({ remarks: [], cut: true });
});
