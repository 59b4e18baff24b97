/** Where the credentials of data connections come from, and that none is a word of the command line. */

import { PassThrough } from 'node:stream';
import { secretInput } from '../secret-input.ts';
import { connectionCommands, credentialsFrom, typeOf } from './connections.ts';

test.each([
  ['postgres://h/d', 'postgres'],
  ['https://h/b', 's3'],
  ['hive2://h', 'hive'],
])('the type of %s is %s', (address, type) => {
  expect(typeOf(address)).toBe(type);
});

test.each(['postgres://user:secret@h/d', 'https://KEY@h/b', 'mysql://h/d', 'h/d', ''])(
  'an address %j is refused before anything is sent, without what it holds',
  (address) => {
    expect(() => typeOf(address)).toThrow(/address/);
    expect(() => typeOf(address)).not.toThrow(/secret|KEY/);
  },
);

test('credentials come from variables by their prefix; one that is missing is named', () => {
  const environment = { SALES_USER: 'ada', SALES_PASSWORD: 'pw', LAKE_ACCESS_KEY: 'key' };
  expect(credentialsFrom(environment, { type: 'postgres', prefix: 'SALES' })).toEqual({
    user: 'ada',
    password: 'pw',
  });
  expect(() => credentialsFrom(environment, { type: 's3', prefix: 'LAKE' })).toThrow(
    'LAKE_SECRET_KEY is not set',
  );
});

test('no credential is a word of its own', () => {
  const words = connectionCommands.flatMap(({ usage, options }) => [usage, ...Object.keys(options ?? {})]);
  expect(words.join(' ')).not.toMatch(/password|secret|token|--user|--key/i);
});

test('lines of the input are read one by one, an unfinished one, too', async () => {
  const read = async (text: string, count: number) => {
    const stdin = new PassThrough();
    const secret = secretInput({ stdin: stdin as unknown as NodeJS.ReadStream, stderr: process.stderr });
    stdin.end(text);
    const lines: (string | null)[] = [];
    for (let at = 0; at < count; at += 1) lines.push(await secret('?'));
    return lines;
  };
  expect(await read('ada\nlove lace', 3)).toEqual(['ada', 'love lace', null]);
  expect(await read('ada\r\n\r\n', 3)).toEqual(['ada', '', null]);
  expect(await read('', 1)).toEqual([null]);
});
