/** A sandbox for tests of what lies around it: it reads the stored file's header line and nothing else. */

import { TemperaError } from '../../core/errors.ts';
import type { ProfileRequest, SandboxTools, TableProfile } from '../../core/ports/sandbox-tools.ts';
import type { ObjectStore } from '../../storage/index.ts';

export interface FakeTools extends SandboxTools {
  /** Sessions that were forgotten. */
  readonly forgotten: string[];
  /** Makes every call fail until it is set back; the status then tells of no host. */
  away: boolean;
}

export function createFakeTools(store: ObjectStore): FakeTools {
  const forgotten: string[] = [];
  const tools: FakeTools = {
    forgotten,
    away: false,
    async profileUpload(_, request) {
      if (tools.away) throw new TemperaError('SANDBOX_UNAVAILABLE', 'No sandbox host answers at 10.0.0.9.');
      return await profile(store, request);
    },
    query: async (_, session, { sql }) => ({
      columns: [{ name: 'sql', type: 'text' }],
      rows: [[session.id, sql]],
      truncated: false,
      cut_cells: [],
    }),
    tables: async () => ({ items: [{ name: 'train', rows: 1, columns: [] }], left_out: 0 }),
    columns: async (_, __, table) => ({ items: [{ name: table }], left_out: 0 }),
    describeModel: async () => ({ target: 'b', problem_type: 'binary', metrics: {}, features: [] }),
    predictRows: async (_, __, rows) => rows.map(() => ({ prediction: 'yes', warnings: [] })),
    async *predictFile(_, __, { file }) {
      if (file.name === 'odd.csv') throw new TemperaError('INVALID_DATASET', 'odd.csv: a column is missing.');
      const remarks = ['c is not in the file: it counts as missing in every row.'];
      const rest = { total: 1, missing: ['c'], ignored: [], remarks, drift: [] };
      yield { csv: 'a,predicted_b\n', rows: 0, next_row: 0, ...rest };
      yield { csv: '1,yes\n', rows: 1, next_row: null, ...rest };
    },
    status: async () => ({
      hosts: tools.away ? 0 : 1,
      slots: 1,
      running: 0,
      queued: 0,
      isolation: 'required',
      runs_agent_code: true,
    }),
    async drain(hostId) {
      throw new TemperaError('NOT_FOUND', `No sandbox host [${hostId}] answers.`);
    },
    async forget(_, { id }) {
      forgotten.push(id);
    },
    async forgetDataset(_, id) {
      forgotten.push(`dataset ${id}`);
    },
  };
  return tools;
}

async function profile(store: ObjectStore, { file, target }: ProfileRequest): Promise<TableProfile> {
  const { body } = await store.get(file.s3_path, {
    range: { start: 0, end: Math.min(file.size, 4_096) - 1 },
  });
  let text = '';
  for await (const chunk of body) text += String(chunk);
  const [head = ''] = /^(?:"[^"]*"|[^"\r\n])*/.exec(text) ?? [];
  const names = [...head.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
    ([, quoted, plain = '']) => quoted ?? plain,
  );
  if (names.length < 2)
    throw new TemperaError('INVALID_DATASET', `${file.name} has one column. Export it again.`);
  if (target !== null && !names.includes(target)) {
    const message = `${file.name} has no column '${target}'. Its columns are ${names.join(', ')}.`;
    throw new TemperaError('UNKNOWN_TARGET', message, { details: { file: file.name, target } });
  }
  return {
    format: 'csv',
    rows: 1,
    columns: names.map((name) => ({ name, type: 'text' })),
    preview: [],
    warnings: [],
  };
}
