/**
 * docs/development.md names files and folders; each is there. The walks of the manual lead to what is there; a term
 * of the words has one meaning.
 */

import { existsSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/development.md', 'utf8');
const walks = (page.split(/^## /m).find((part) => part.startsWith('Five walks')) ?? '').split(/\n\n(?=\*\*)/);

/** What stands in code marks and is a path from the root. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]+)`/g)].map(([, path = '']) => path);

test('every path from the root that is named is there', () => {
  const paths = pathsIn(page).filter((path) => !path.startsWith('build/'));
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test.each(['Add a tool', 'Add an event', 'Add a decision', 'Change how a date is read', 'Add a page'])(
  '%s: the walk begins with a folder, and names what is in it',
  (task) => {
    const walk = walks.find((each) => each.startsWith(`**${task}**`)) ?? '';
    const [, folder = 'none'] = /\]\(\.\.\/([^)]+)\)/.exec(walk) ?? [];
    expect(existsSync(folder)).toBe(true);
    const named = [...walk.matchAll(/`([\w./-]+\.(?:ts|py|json|md))`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(1);
    const places = ['.', folder, `${folder}/eda`, 'sandbox/tempera_sandbox/tools', 'sandbox/playbooks'];
    expect(named.filter((name) => !places.some((place) => existsSync(`${place}/${name}`)))).toEqual([]);
  },
);
