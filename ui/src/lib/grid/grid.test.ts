import { describe, expect, test } from '@jest/globals';
import { PAGE_ROWS, type Row, RowPages } from './row-pages.ts';
import { scrollTo, scrollWindow } from './scroll-window.ts';
import { countQuery, rowsQuery } from './table-query.ts';

describe('scrollWindow', () => {
  const input = { count: 1_000, size: 28, viewport: 280, scrolled: 0, overscan: 2 };

  test('draws what is in sight and a little more', () => {
    expect(scrollWindow(input)).toEqual({ total: 28_000, first: 0, count: 12, offset: 0 });
    expect(scrollWindow({ ...input, scrolled: 2_800 })).toMatchObject({
      first: 98,
      count: 14,
      offset: 2_744,
    });
  });

  test('ends with the last row, also where the content is taller than a browser draws', () => {
    for (const tallest of [50_000_000, 15_000_000, 1_000_000]) {
      const million = { ...input, count: 1_000_000, tallest };
      const { total } = scrollWindow(million);
      const end = scrollWindow({ ...million, scrolled: total - input.viewport });
      expect(end.first + end.count).toBe(1_000_000);
      expect(end.offset + end.count * input.size).toBeCloseTo(total, 3);
    }
  });

  test('brings a row into sight and leaves one that is there', () => {
    const million = { ...input, count: 1_000_000, tallest: 1_000_000 };
    const scrolled = scrollTo(777_777, million);
    const { first, count } = scrollWindow({ ...million, scrolled, overscan: 0 });
    expect(first).toBeLessThanOrEqual(777_777);
    expect(first + count).toBeGreaterThan(777_777);
    expect(scrollTo(777_777, { ...million, scrolled })).toBe(scrolled);
  });

  test('stands nothing and little', () => {
    expect(scrollWindow({ ...input, count: 0 })).toEqual({ total: 0, first: 0, count: 0, offset: 0 });
    expect(scrollWindow({ ...input, count: 3, scrolled: 500 })).toMatchObject({
      first: 0,
      count: 3,
      offset: 0,
    });
  });
});

describe('RowPages', () => {
  function pagesOf(rows: number) {
    const asked: { first: number; signal: AbortSignal; answer: () => void }[] = [];
    let changes = 0;
    const pages = new RowPages<Row>(
      (first, count, signal) =>
        new Promise((resolve) => {
          const answer = () =>
            resolve(Array.from({ length: Math.min(count, rows - first) }, (_, at): Row => [first + at]));
          asked.push({ first, signal, answer });
        }),
      () => {
        changes += 1;
      },
    );
    return { pages, asked, changes: () => changes };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test('fetches a page once and tells when it is there', async () => {
    const { pages, asked, changes } = pagesOf(1_000);
    pages.show(0, 20);
    pages.show(5, 20);
    expect(asked.map((each) => each.first)).toEqual([0]);
    expect(pages.row(3)).toBeUndefined();
    asked[0]?.answer();
    await settled();
    expect(pages.row(3)).toEqual([3]);
    expect(changes()).toBe(1);
  });

  test('gives up a page that is out of sight before it came', async () => {
    const { pages, asked, changes } = pagesOf(10_000);
    pages.show(0, 20);
    pages.show(5_000, 20);
    expect(asked[0]?.signal.aborted).toBe(true);
    asked[0]?.answer();
    await settled();
    expect(pages.row(3)).toBeUndefined();
    expect(changes()).toBe(0);
  });

  test('fetches both pages at a border', () => {
    const { pages, asked } = pagesOf(1_000);
    pages.show(PAGE_ROWS - 5, 10);
    expect(asked.map((each) => each.first)).toEqual([0, PAGE_ROWS]);
  });
});

describe('queries', () => {
  test('quote hostile names and values', () => {
    const filters = [{ column: 'a"; drop', kind: 'contains', value: "x' OR '1'='1" }] as const;
    expect(rowsQuery({ table: 'train', filters, sort: null }, 400, 200)).toBe(
      `SELECT * FROM "train" WHERE contains(lower(CAST("a""; drop" AS VARCHAR)), lower('x'' OR ` +
        `''1''=''1')) LIMIT 200 OFFSET 400`,
    );
  });

  test('compare numbers as numbers and texts as texts', () => {
    const view = {
      table: 't',
      filters: [
        { column: 'mass', kind: '≥', value: '3.5e3' },
        { column: 'sex', kind: '≠', value: 'male' },
      ],
      sort: { column: 'mass', descending: true },
    } as const;
    expect(countQuery(view)).toBe(
      `SELECT count(*) FROM "t" WHERE TRY_CAST("mass" AS DOUBLE) >= 3500 AND CAST("sex" AS VARCHAR) <> 'male'`,
    );
    expect(rowsQuery(view, 0, 10)).toMatch(/ORDER BY "mass" DESC NULLS LAST LIMIT 10 OFFSET 0$/);
  });
});
