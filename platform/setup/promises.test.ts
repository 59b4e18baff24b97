import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findUnheard } from './promises.mjs';

const HEAD = `
  declare function work(): Promise<number>;
  declare function pause(): Promise<void>;
  declare function heard<T>(promise: Promise<T>): Promise<T>;
  declare const emitter: { on(event: string, listener: () => void): void };
  declare const messages: AsyncIterable<number>;
`;

/** Each would end a process by a rejection, in one of the four forms. */
const UNHEARD = {
  dropped: [
    `export function f() { work(); }`,
    `export function f() { void work(); }`,
    `export function f() { work().then(() => 1); }`,
    `export function f() { work().finally(() => undefined); }`,
    `export function f(a: boolean) { a && work(); }`,
    `export function f(a: boolean) { a ? pause() : work(); }`,
    `export function f() { [1].map(() => work()); }`,
  ],
  held: [
    `export async function f() { const answer = work(); for await (const _ of messages) {} return answer; }`,
    `export async function f() { const answer = work(); await pause(); return await answer; }`,
    `export async function f() { const all = [work(), work()]; for (const each of all) await each; }`,
    `export async function f() { const all = [work()]; await pause(); await Promise.allSettled(all); }`,
    `export async function* f() { const answer = work(); yield 1; await answer; }`,
    `export async function f() {
       const answer = new Promise<number>((resolve, reject) => { work().then(resolve, reject); });
       await pause();
       return answer;
     }`,
  ],
  handed: [`emitter.on('x', async () => { await work(); });`],
  stored: [
    `export class A { kept: Promise<number> | null = null; f() { this.kept = work(); } }`,
    `export class A { kept = work(); }`,
    `let kept: Promise<number> | undefined; export function f() { kept ??= work(); }`,
  ],
};
const HEARD = [
  `export async function f() { await work(); }`,
  `export function f() { return work(); }`,
  `export function f() { work().catch(() => undefined); }`,
  `export function f() { work().then(() => 1, () => 2).finally(() => undefined); }`,
  `export async function f() { const answer = work(); return await Promise.race([answer, pause()]); }`,
  `export async function f() { const answer = heard(work()); await pause(); return answer; }`,
  `export async function f() { const all = Promise.allSettled([work()]); await pause(); await all; }`,
  `export async function f() { const one = work(); await Promise.all([pause(), one]); }`,
  `export async function f() { const rung = new Promise<void>((resolve) => emitter.on('x', ` +
    `resolve)); await pause(); await rung; }`,
  `emitter.on('x', async () => { try { await work(); } catch {} });`,
  `async function safe() { try { await work(); } catch {} }  export function f() { void safe(); }`,
  `export class A { kept: Promise<number> | null = null; f() { this.kept = heard(work()); } }`,
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tempera-promises-'));
  const compilerOptions = { strict: true, target: 'ES2023', lib: ['ES2023'], module: 'esnext', types: [] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function found(texts: readonly string[]): Promise<string[][]> {
  const files = texts.map((_, at) => join(folder, `case-${at}.ts`));
  await Promise.all(files.map((file, at) => writeFile(file, `${HEAD}${texts[at]}\nexport {};\n`)));
  const lines = findUnheard(folder, files);
  return texts.map((_, at) => lines.filter((line) => line.startsWith(`case-${at}.ts:`)));
}

test.each(Object.entries(UNHEARD))(
  'a promise that is %s is found',
  async (form, texts) => {
    const lines = await found(texts);
    expect(lines.map((each) => each[0]?.endsWith(`(${form})`) ?? false)).toEqual(texts.map(() => true));
  },
  60_000,
);

test('a promise that somebody hears is left alone', async () => {
  expect((await found(HEARD)).flat()).toEqual([]);
}, 60_000);
