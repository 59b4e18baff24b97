/** Looking at a session: its events, files and tables. */

import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Command, text } from '../command.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { createProgress } from '../progress.ts';
import { QueryAnswer, Session } from '../records.ts';
import { assertNoneLost, downloadFile, listedFiles, localName, openFile, sessionFiles } from './download.ts';
import { confirmAt, wholeNumber } from './option-values.ts';
import { eventsUntilRest, sessionExitCode } from './session-run.ts';

const follow: Command = {
  name: 'follow',
  usage: 'ID [--after SEQ] [--verbose]',
  summary: 'Shows a session’s events from the first (or after SEQ) until it is at rest.',
  options: { after: { type: 'string' }, verbose: { type: 'boolean' } },
  arguments: [1, 1],
  async run({ api, output, terminal, signal }, [id = ''], values) {
    const after = wholeNumber(values, 'after', { least: 0, otherwise: 0 });
    const client = await api();
    await client.request(Session, `/api/sessions/${id}`);
    // what is followed is what the command is for: its lines are data, on stdout
    const progress = createProgress(terminal, { verbose: values.verbose === true, line: terminal.out });
    const events = eventsUntilRest(client, id, { after, signal });
    try {
      for (;;) {
        const next = await events.next();
        if (next.done) return next.value ? sessionExitCode(next.value) : EXIT.failed;
        if (output.format === 'table') progress.show(next.value);
        else output.result(next.value);
      }
    } finally {
      progress.end();
    }
  },
};

const files: Command = {
  name: 'files',
  usage: 'ID [PATH] [--out FOLDER] [--force]',
  summary: 'Lists a session’s files; with PATH prints one, with --out downloads them.',
  options: { out: { type: 'string' }, force: { type: 'boolean' } },
  arguments: [1, 2],
  async run(context, [id = '', path = ''], values) {
    const { output } = context;
    const client = await context.api();
    const out = text(values, 'out');
    const entries = await listedFiles(client, id, '');
    const isFile = entries.some((entry) => entry.path === path && entry.kind === 'file');
    assertListed(id, path, entries);
    if (out !== undefined) {
      const folder = resolve(out);
      const downloads = isFile
        ? [{ path, to: resolve(folder, localName(path.split('/').pop() ?? '')) }]
        : await sessionFiles(client, id, { folder, path });
      await assertNoneLost(downloads, { force: values.force === true, confirm: confirmAt(context) });
      for (const file of downloads) await downloadFile(client, id, file);
      output.result({ files: downloads.length, folder });
    } else if (isFile) {
      await pipeline(await openFile(client, id, path), process.stdout, { end: false });
    } else {
      const listed = await listedFiles(client, id, path);
      const rows = listed.map(({ path: at, kind, size }) => ({ path: at, kind, size }));
      output.result(output.format === 'table' ? rows : { files: rows });
    }
    return undefined;
  },
};

/** What is not in the list is not there. @throws CommandError notFound */
function assertListed(id: string, path: string, entries: { path: string }[]): void {
  const plain = path.replace(/^\.\//, '').replace(/\/+$/, '');
  const isPlain = !plain.startsWith('/') && !plain.split('/').includes('..');
  if (path === '' || !isPlain) return;
  if (entries.some((entry) => entry.path === plain || entry.path.startsWith(`${plain}/`))) return;
  throw new CommandError(
    EXIT.notFound,
    `There is no file or folder ${path} in the session. List what there is with: npm start -- files ${id}`,
  );
}

const sql: Command = {
  name: 'sql',
  usage: 'ID STATEMENT [--limit N]',
  summary: 'Runs one read-only statement over a session’s tables.',
  options: { limit: { type: 'string' } },
  arguments: [2, 2],
  async run({ api, output, config }, [id = '', statement = ''], values) {
    const limit = wholeNumber(values, 'limit', { least: 1, otherwise: 100, most: config.limits.sqlRows });
    const answer = await (await api()).request(QueryAnswer, `/api/sessions/${id}/sql`, {
      json: { sql: statement, limit },
    });
    if (output.format !== 'table') {
      output.result(answer);
      return undefined;
    }
    const names = answer.columns.map((column) => (typeof column === 'string' ? column : column.name));
    output.result(answer.rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))));
    if (answer.truncated) output.say(`Only the first ${answer.rows.length} rows; raise --limit for more.`);
    const cut = answer.cut_cells.length;
    if (cut > 0)
      output.say(`${cut} ${cut === 1 ? 'cell is' : 'cells are'} cut; select less of a long value.`);
    return undefined;
  },
};

export const contentCommands: Command[] = [follow, files, sql];
