import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fillOutputFolder, folderName } from './output-folder.ts';

describe('the folder of a run', () => {
  const options = (patch: object = {}) => ({
    out: mkdtempSync(join(tmpdir(), 'tempera-out-')),
    name: 'penguins',
    sessionId: '01a1fc5e-8b15-784c-a1e7-095fcf99ce0f',
    succeeded: true,
    ...patch,
  });
  const writes = (text: string) => async (folder: string) => writeFileSync(join(folder, 'report.md'), text);

  test.each([
    ['penguins', 'penguins'],
    ['数据 表', '数据-表'],
    ['größe', 'größe'],
    ['../../etc', 'etc'],
    ['a/b', 'a-b'],
    ['--name', 'name'],
  ])('%s becomes %s', (name, folder) => {
    expect(folderName(name)).toBe(folder);
  });

  test.each(['..', '.', '', '///', '-'])('%j is refused', (name) => {
    expect(() => folderName(name)).toThrow(/--name/);
  });

  test('holds one session’s files: an earlier run’s are gone', async () => {
    const given = options();
    const first = await fillOutputFolder(given, async (folder) =>
      writeFileSync(join(folder, 'old.md'), 'old'),
    );
    const second = await fillOutputFolder({ ...given, sessionId: 'second' }, writes('new'));
    expect(second).toBe(first);
    expect(readdirSync(second).sort()).toEqual(['.tempera-session', 'report.md']);
  });

  test('of a failed run is its own, so that an earlier success stays', async () => {
    const given = options();
    const first = await fillOutputFolder(given, writes('good'));
    const failed = await fillOutputFolder({ ...given, succeeded: false }, writes('bad'));
    expect(basename(failed)).toBe('penguins-cf99ce0f');
    expect(readFileSync(join(first, 'report.md'), 'utf8')).toBe('good');
  });

  test('never takes the place of what is not a run’s', async () => {
    const given = options();
    mkdirSync(join(given.out, 'penguins'));
    writeFileSync(join(given.out, 'penguins', 'mine.txt'), 'mine');
    const folder = await fillOutputFolder(given, writes('new'));
    expect(basename(folder)).toBe('penguins-cf99ce0f');
    expect(readFileSync(join(given.out, 'penguins', 'mine.txt'), 'utf8')).toBe('mine');
  });

  test('keeps the earlier run when the download breaks', async () => {
    const given = options();
    const first = await fillOutputFolder(given, writes('good'));
    await expect(fillOutputFolder(given, () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    expect(readFileSync(join(first, 'report.md'), 'utf8')).toBe('good');
  });
});
