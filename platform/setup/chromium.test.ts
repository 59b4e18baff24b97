import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, haveChromium } from './chromium.mjs';
import { createProgress } from './progress.mjs';

describe('the browser of the browser tests', () => {
  let folder: string;
  const program = (name: string): string => {
    const file = join(folder, name);
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tempera-chromium-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is the one that CHROMIUM names, else one on PATH, else Debian’s', () => {
    const nothing = { path: '', chromium: '', debian: join(folder, 'none') };
    expect(findChromium(nothing)).toBeNull();
    const debian = program('debian');
    expect(findChromium({ ...nothing, debian })).toBe(debian);
    const onPath = program('google-chrome');
    expect(findChromium({ ...nothing, debian, path: folder })).toBe(onPath);
    const named = program('mine');
    expect(findChromium({ debian, path: folder, chromium: named })).toBe(named);
  });

  test('is asked for with the remedy where CHROMIUM is wrong or nothing can install one', async () => {
    const wrong = { path: folder, chromium: join(folder, 'nothing'), debian: join(folder, 'none') };
    expect(() => findChromium(wrong)).toThrow(
      /^CHROMIUM names .*nothing, which is no program that can be run/,
    );
    const none = { ...wrong, chromium: '', log: join(folder, 'log') };
    await expect(haveChromium(none, createProgress({ write: () => {} }))).rejects.toMatchObject({
      message: 'The browser tests need a Chromium, and there is none.',
      remedy: expect.stringContaining('set CHROMIUM'),
    });
  });
});
