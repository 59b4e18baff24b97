import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { CommandError } from '../exit-code.ts';
import { claimOutputFolder, folderName, type OutputFolderOptions } from './output-folder.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-out-'));
  folders.push(folder);
  return folder;
};

/** What is told, and what the person at the terminal answers. */
function options(out: string, patch: Partial<OutputFolderOptions> = {}) {
  const sentences: string[] = [];
  const asked: string[] = [];
  const given: OutputFolderOptions = {
    ...{ out, name: 'penguins', force: false, say: (sentence) => void sentences.push(sentence) },
    confirm: async (question) => {
      asked.push(question);
      return true;
    },
    ...patch,
  };
  return { ...given, sentences, asked };
}
const ended = (sessionId = '01a1fc5e-8b15-784c-a1e7-095fcf99ce0f', succeeded = true) => ({
  sessionId,
  succeeded,
});
const writes = (files: Record<string, string>) => async (folder: string) => {
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
};
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const run = async (
  given: OutputFolderOptions,
  files: Record<string, string>,
  id = 'first',
): Promise<string> => (await claimOutputFolder(given)).fill(ended(id), writes(files));

describe('the name of a folder', () => {
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
});

describe('the folder of a run', () => {
  test('a second run gets one of its own, and says so', async () => {
    const given = options(newFolder());
    const first = await run(given, { 'report.md': 'first' });
    write(join(first, 'notes.md'), 'mine');
    write(join(first, '.venv', 'bin', 'python'), 'mine');
    const second = await run(given, { 'report.md': 'second' }, 'second');
    expect([basename(first), basename(second)]).toEqual(['penguins', 'penguins-2']);
    expect([read(first, 'report.md'), read(first, 'notes.md')]).toEqual(['first', 'mine']);
    expect(existsSync(join(first, '.venv', 'bin', 'python'))).toBe(true);
    expect(read(second, 'report.md')).toBe('second');
    expect(given.sentences).toEqual([
      `${first} is there already and stays as it is; this run's files go to ${second}.`,
    ]);
  });

  test('two runs at once do not share one', async () => {
    const out = newFolder();
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimOutputFolder(options(out))));
    const made = await Promise.all(
      claims.map((claim, at) => claim.fill(ended(`s${at}`), writes({ at: `${at}` }))),
    );
    expect(new Set(made).size).toBe(5);
    expect(made.map((folder) => read(folder, 'at'))).toEqual(['0', '1', '2', '3', '4']);
  });

  test('of a failed run is its own; nothing is left of the claim', async () => {
    const out = newFolder();
    const claim = await claimOutputFolder(options(out));
    const failed = await claim.fill(ended(undefined, false), writes({ 'report.md': 'bad' }));
    expect(basename(failed)).toBe('penguins-cf99ce0f');
    expect(readdirSync(out)).toEqual(['penguins-cf99ce0f']);
  });

  test('a broken download leaves nothing but what was there', async () => {
    const out = newFolder();
    await run(options(out), { 'report.md': 'good' });
    const claim = await claimOutputFolder(options(out));
    await expect(claim.fill(ended(), () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    claim.release();
    expect(readdirSync(out)).toEqual(['penguins']);
    expect(read(out, 'penguins', 'report.md')).toBe('good');
  });

  test('what is put into it while the run is under way stays', async () => {
    const out = newFolder();
    const claim = await claimOutputFolder(options(out));
    write(join(out, 'penguins', 'mine.txt'), 'mine');
    const folder = await claim.fill(ended(), writes({ 'report.md': 'new' }));
    expect(basename(folder)).toBe('penguins-2');
    expect(read(out, 'penguins', 'mine.txt')).toBe('mine');
  });

  test.each(['/proc/x', '/dev/null', '/sys/x', 'file', 'file/below'])(
    'none can be made below %s: usage',
    async (at) => {
      const out = newFolder();
      writeFileSync(join(out, 'file'), '');
      const claimed = claimOutputFolder(options(at.startsWith('/') ? at : join(out, at)));
      await expect(claimed).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/E[A-Z]+.*Give --out/),
      });
    },
  );
});

describe('--force', () => {
  test('asks, replaces what the run before wrote, and keeps the rest', async () => {
    const out = newFolder();
    const files = { 'eda/report.md': 'a', 'eda/old.md': 'o', 'train/model.pkl': 'm' };
    const folder = await run(options(out), files);
    write(join(folder, 'eda/report.md'), 'edited');
    write(join(folder, 'notes.md'), 'mine');
    const given = options(out, { force: true });
    expect(await run(given, { 'eda/report.md': 'b', 'train/model.pkl': 'n' }, 'second')).toBe(folder);
    expect(given.asked).toEqual([
      expect.stringMatching(/session first .*stays: eda\/report\.md, notes\.md\./),
    ]);
    expect(given.sentences).toEqual([
      expect.stringMatching(/eda\/report\.md is not as .* eda\/report\.new\.md/),
    ]);
    expect(read(folder, 'eda/report.md')).toBe('edited');
    expect(read(folder, 'eda/report.new.md')).toBe('b');
    expect(read(folder, 'train/model.pkl')).toBe('n');
    expect(read(folder, 'notes.md')).toBe('mine');
    expect(existsSync(join(folder, 'eda/old.md'))).toBe(false);
  });

  test('without a yes, a terminal or an earlier run it is refused and nothing changes', async () => {
    const out = newFolder();
    await run(options(out), { 'report.md': 'good' });
    mkdirSync(join(out, 'mine'));
    for (const patch of [{ confirm: async () => false }, { confirm: null }, { name: 'mine' }]) {
      const claimed = claimOutputFolder(options(out, { force: true, ...patch }));
      await expect(claimed).rejects.toThrow(CommandError);
    }
    expect(readdirSync(out).sort()).toEqual(['mine', 'penguins']);
    expect(read(out, 'penguins', 'report.md')).toBe('good');
  });

  test('whatever a person makes, changes, links or removes: nothing of theirs is lost', async () => {
    const paths = fc.constantFrom('a.md', 'b', 'eda/a.md', 'eda/b', 'eda/x/c.csv', 'train');
    const files = fc.dictionary(paths, fc.constantFrom('1', '2'), { minKeys: 1, maxKeys: 4 });
    const edits = fc.array(fc.tuple(paths, fc.constantFrom('write', 'link', 'remove')), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(files, edits, files, async (before, changes, after) => {
        const out = newFolder();
        const folder = await run(options(out), withoutClashes(before));
        const mine = new Map<string, string>();
        for (const [path, how] of changes) edit(folder, path, how, mine);
        const made = await run(options(out, { force: true }), withoutClashes(after), 'second');
        for (const [path, text] of Object.entries(withoutClashes(after)))
          expect([read(made, path), read(made, beside(path, made))]).toContain(text);
        for (const [path, text] of mine) expect(read(folder, path)).toBe(text);
      }),
      { numRuns: 60, seed: 11 },
    );
  });
});

/** Where a file is put whose place is taken. */
function beside(path: string, folder: string): string {
  const other = path.replace(/(\.\w+)?$/, '.new$1');
  return existsSync(join(folder, other)) ? other : path;
}

/** `train` is a file or a folder, not both. */
const withoutClashes = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).filter(([path]) => path !== 'train' || Object.keys(files).length === 1),
  );

function edit(folder: string, path: string, how: string, mine: Map<string, string>): void {
  const file = join(folder, path);
  try {
    if (how === 'remove') rmSync(file, { force: true });
    if (how === 'write') {
      rmSync(file, { force: true });
      write(file, `mine ${path}`);
    }
    if (how === 'link') {
      write(join(folder, 'target'), 'linked');
      mkdirSync(dirname(file), { recursive: true });
      rmSync(file, { force: true });
      symlinkSync(join(folder, 'target'), file);
    }
  } catch {
    return; // a folder stands where the file is to be
  }
  if (how === 'remove') mine.delete(path);
  else mine.set(path, how === 'link' ? 'linked' : `mine ${path}`);
}
