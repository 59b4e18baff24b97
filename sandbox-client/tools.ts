/**
 * The built-in tools for the api: profiles of uploads, and queries over a session's files. Queries run over workspaces
 * of their own, filled from the session's last checkpoint, so that they see whole states only and never touch the
 * workspace in which an agent's code runs.
 */

import { datasetPath } from '../core/file-names.ts';
import type { SandboxSession, SandboxTools } from '../core/ports/sandbox-tools.ts';
import {
  ModelDescriptionSchema,
  PredictedPieceSchema,
  PredictionsSchema,
  TableProfileSchema,
} from '../core/ports/sandbox-tools.ts';
import type { ConfiguredHosts } from './hosts.ts';
import { restoreReadable } from './reader-files.ts';
import { createReaders } from './readers.ts';
import { ColumnsSchema, QueryResultSchema, TablesSchema } from './tool-results.ts';
import type { ToolSources } from './tool-sources.ts';

export type { ToolSources };

export interface ToolLimits {
  /** Columns that a table may have. */
  columns: number;
  /** Bytes that a compressed upload may unpack to. */
  unpackedBytes: number;
  sqlSeconds: number;
}

const PREDICT_TIMEOUT_MS = 120_000;
const PROFILE_TIMEOUT_MS = 300_000;

/** The workspace in which one file is predicted; it goes with the answer. */
const predictionSession = (datasetId: string): string => `${datasetId}-predict`;

export function createSandboxTools(
  hosts: ConfiguredHosts,
  sources: ToolSources,
  limits: ToolLimits,
): SandboxTools {
  const readers = createReaders(hosts, sources);
  async function inSession(
    session: SandboxSession,
    tool: string,
    parameters: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const timeoutMs = (limits.sqlSeconds + 5) * 1000;
    const experimentId = session.experiment_id;
    return readers.read(session, (host, sessionId) =>
      host.executions.runTool({ sessionId, experimentId, tool, parameters, timeoutMs }),
    );
  }
  return {
    async profileUpload(_, { datasetId, file, target }) {
      const host = await hosts.choose();
      const path = datasetPath(file.name);
      await host.workspaces.writeDataset(
        datasetId,
        { path, sha256: file.sha256, size: file.size },
        await sources.readObject(file.s3_path),
      );
      const parameters = {
        file: path,
        name: file.name,
        target,
        max_columns: limits.columns,
        max_uncompressed_bytes: limits.unpackedBytes,
      };
      const request = {
        sessionId: '',
        experimentId: datasetId,
        tool: 'profile_upload',
        parameters,
        timeoutMs: PROFILE_TIMEOUT_MS,
      };
      return TableProfileSchema.parse(await host.executions.runTool(request));
    },
    async query(_, session, { sql, limit }) {
      return QueryResultSchema.parse(
        await inSession(session, 'query_sql', { sql, limit, timeout_s: limits.sqlSeconds }),
      );
    },
    async tables(_, session) {
      const { tables, tables_left_out } = TablesSchema.parse(await inSession(session, 'list_tables', {}));
      return { items: tables, left_out: tables_left_out };
    },
    async columns(_, session, table) {
      const summary = ColumnsSchema.parse(await inSession(session, 'column_summary', { table }));
      return { items: summary.columns, left_out: summary.columns_left_out };
    },
    async describeModel(_, session) {
      const parameters = { mode: 'describe', model_sha256: session.model_sha256 };
      return ModelDescriptionSchema.parse(await inSession(session, 'predict', parameters));
    },
    async predictRows(_, session, rows) {
      const parameters = { mode: 'rows', rows, model_sha256: session.model_sha256 };
      return PredictionsSchema.parse(await inSession(session, 'predict', parameters)).predictions;
    },
    async *predictFile(_, session, { datasetId, file }) {
      const host = await hosts.choose();
      const sessionId = predictionSession(datasetId);
      const key = { sessionId, epoch: await sources.takeEpoch() };
      await host.workspaces.initialize(key, datasetId);
      try {
        const path = datasetPath(file.name);
        const body = await sources.readObject(file.s3_path);
        await host.workspaces.writeDataset(datasetId, { path, sha256: file.sha256, size: file.size }, body);
        const last = await sources.lastCheckpoint(session.id);
        const entries = (await last?.entries()) ?? [];
        await restoreReadable(host, sources, { key, checkpoint: { id: last?.id ?? '', entries } });
        for (let row: number | null = 0; row !== null; ) {
          const result = await host.executions.runTool({
            sessionId,
            experimentId: datasetId,
            tool: 'predict',
            parameters: { mode: 'file', file: path, from_row: row, model_sha256: session.model_sha256 },
            timeoutMs: PREDICT_TIMEOUT_MS,
          });
          const piece = PredictedPieceSchema.parse(result);
          yield piece;
          row = piece.next_row;
        }
      } finally {
        await host.workspaces.cleanup({ sessionId, epoch: await sources.takeEpoch() });
      }
    },
    async status() {
      const statuses = await hosts.statuses();
      const sum = (of: (status: (typeof statuses)[number]) => number) =>
        statuses.reduce((total, status) => total + of(status), 0);
      return {
        hosts: statuses.length,
        slots: sum((status) => status.slots),
        running: sum((status) => status.running),
        queued: sum((status) => status.queued),
        isolation: weakest(statuses.map((status) => status.isolationPolicy)),
        runs_agent_code: statuses.some((status) => status.runsAgentCode),
      };
    },
    drain: (hostId, on) => hosts.drain(hostId, on),
    async forget(_, session) {
      readers.forget(session.id);
      // readers' workspaces may be on any host; one that is gone took its own with it
      for (const host of await hosts.all()) {
        for (const sessionId of [session.id, ...readers.workspaces(session.id)]) {
          await host.workspaces.cleanup({ sessionId, epoch: await sources.takeEpoch() });
        }
      }
    },
    async forgetDataset(_, experimentId) {
      for (const host of await hosts.all()) await host.workspaces.forgetDataset(experimentId);
    },
  };
}

function weakest(policies: string[]): string {
  return ['off', 'best', 'required'].find((policy) => policies.includes(policy)) ?? 'required';
}
