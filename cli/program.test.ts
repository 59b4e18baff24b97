import type { Config } from '../config/index.ts';
import type { PlatformControl } from './platform-control.ts';
import { runProgram } from './program.ts';
import { writtenTerminal } from './testing/written-terminal.ts';

const config = async (): Promise<Config> => {
  throw new Error('settings are not read for this');
};

function run(words: string[], platform?: PlatformControl) {
  const { terminal, written } = writtenTerminal();
  const program = {
    config,
    terminal,
    signal: new AbortController().signal,
    ...(platform && { platform: () => platform }),
  };
  return runProgram(words, program).then((code) => ({ code, ...written }));
}

test('help is data, needs no settings and ends 0', async () => {
  const { code, out } = await run([]);
  expect([code, out]).toEqual([0, expect.stringContaining('tempera run FILE')]);
});

test('wrong usage ends 2 with a sentence on stderr', async () => {
  expect(await run(['bogus'])).toEqual({
    code: 2,
    out: '',
    err: "tempera: There is no command 'bogus'. See: tempera --help\n",
  });
});

test('wrong usage is a document where one was asked for', async () => {
  const { code, out } = await run(['sessions', 'show', '--format', 'json']);
  expect([code, JSON.parse(out).error.code]).toEqual([2, 'USAGE']);
});

test('an unexpected failure ends 1', async () => {
  expect(await run(['stop'])).toMatchObject({ code: 1, err: 'tempera: settings are not read for this\n' });
});
