import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a person is asked something: that colour calls for nothing else. */
const ASKING = [
  'lib/design/tokens.css',
  'lib/primitives/badge.svelte', // tone `needs`
  'lib/shell/bar.svelte', // how many sessions ask
  'lib/classification/column-evidence.svelte', // why a person is asked
  'pages/gallery/stage-bar.svelte', // a stage that waits for a person
  'pages/studio/conversation/ask-row.svelte',
  'pages/studio/conversation/notice-row.svelte', // a limit
  'pages/studio/conversation/wait-note.svelte',
  'pages/studio/header/session-header.svelte',
  'pages/studio/timeline/timeline-run.svelte', // a wait in which a person was asked
];

test('saffron stands where a person is asked, and nowhere else', () => {
  const root = join(__dirname, '../..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(svelte|css)$/.test(file),
  );
  const yellow = files.filter((file) => readFileSync(join(root, file), 'utf8').includes('--saffron'));
  expect(yellow.filter((file) => !ASKING.includes(file))).toEqual([]);
});
