/** A newcomer's path: a file is dropped, and a model is there, in at most six clicks. */

import { newcomer, WALK_MS } from './newcomer.ts';

const MOST_CLICKS = 6;

test(
  'a newcomer opens, drops a file, starts, watches, reads the report and downloads the model',
  async () => {
    const { clicks, problems, download } = await newcomer();
    expect(download.name).toBe('model.pkl');
    expect(download.bytes).toBeGreaterThan(1_000);
    expect(clicks).toBeLessThanOrEqual(MOST_CLICKS);
    expect(problems).toEqual([]);
  },
  WALK_MS,
);
