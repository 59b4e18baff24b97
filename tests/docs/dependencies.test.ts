import { readFileSync } from 'node:fs';
import { z } from 'zod';

const PackageSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
});

const page = readFileSync('docs/dependencies.md', 'utf8');
const { dependencies, devDependencies, optionalDependencies } = PackageSchema.parse(
  JSON.parse(readFileSync('package.json', 'utf8')),
);

/** The packages and reasons of the table under a heading. */
function documented(heading: string): { name: string; reason: string }[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` +\| (.+?) +\|$/gm)].map(([, name = '', reason = '']) => ({
    name,
    reason,
  }));
}

/** Names of a requirements file, without versions, extras and comments. */
function required(file: string): string[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim());
  return lines.filter((line) => line !== '').map((line) => /^[A-Za-z0-9._-]+/.exec(line)?.[0] ?? line);
}

test.each([
  ['Node, at run time', Object.keys(dependencies)],
  ['Node, optional', Object.keys(optionalDependencies)],
  ['Node, for development', Object.keys(devDependencies)],
  ['Python, in the sandbox', required('sandbox/requirements.in')],
])('%s: every dependency is documented, and nothing else is', (heading, names) => {
  const rows = documented(heading);
  expect(rows.map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const { name, reason } of rows) expect(`${name}: ${reason.length > 5}`).toBe(`${name}: true`);
});

test('versions are exact', () => {
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
