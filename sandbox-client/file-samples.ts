/** Samples of files from outside, by the built-in tool `sample_columns` of a sandbox host; nothing of a file stays. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { TemperaError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { lawfulText } from '../core/lawful-text.ts';
import type { FileSamples, SampledFile } from '../core/ports/file-samples.ts';
import type { SandboxHosts } from '../core/ports/sandbox.ts';

export interface FileSampleLimits {
  /** Bytes of one file. */
  fileBytes: number;
  /** Bytes that a compressed file may unpack to. */
  unpackedBytes: number;
}

const SAMPLE_TIMEOUT_MS = 300_000;
const LONGEST_NAME = 200;

const count = z.number().int().nullable();
const sentences = z.array(z.string());

const TablesOfFileSchema = z.object({
  tables: z.array(
    z.object({ table: z.string(), schema: z.string().optional(), name: z.string().optional() }),
  ),
  left_out: sentences,
});

const SampledColumnsSchema = z.object({
  columns: z.array(
    z.object({
      ...{ name: z.string(), type: z.string(), position: z.number().int() },
      ...{ total_count: count, null_count: count, distinct_count: count },
      reservoir: z.array(z.string()),
      references: z.object({ table: z.string(), column: z.string() }).optional(),
      is_key: z.boolean().optional(),
    }),
  ),
  left_out: sentences,
});

export function createFileSamples(
  hosts: Pick<SandboxHosts, 'choose'>,
  limits: FileSampleLimits,
): FileSamples {
  async function ask(file: SampledFile, parameters: Record<string, unknown>): Promise<unknown> {
    if (file.size > limits.fileBytes) throw tooLarge(file, limits.fileBytes);
    const host = await hosts.choose();
    const datasetId = newId();
    const path = `table${endingOf(file.name)}`;
    try {
      const known = { path, sha256: file.sha256 ?? (await hashOf(file)), size: file.size };
      await host.workspaces.writeDataset(datasetId, known, await file.open());
      return await host.executions.runTool({
        ...{ sessionId: '', experimentId: datasetId, tool: 'sample_columns', timeoutMs: SAMPLE_TIMEOUT_MS },
        parameters: {
          ...{ file: path, name: lawfulText(file.name).slice(-LONGEST_NAME), ...parameters },
          max_uncompressed_bytes: limits.unpackedBytes,
        },
      });
    } finally {
      // a host that is gone took its copy with it, and removes old ones when it starts
      await host.workspaces.forgetDataset(datasetId).catch(() => undefined);
    }
  }
  return {
    tables: async (file) => TablesOfFileSchema.parse(await ask(file, {})),
    async sample(file, { table, sampleSize }) {
      const { columns, left_out } = SampledColumnsSchema.parse(
        await ask(file, { table, sample_size: sampleSize }),
      );
      return { columns: columns.map((column) => ({ ...column, reference_code: null })), left_out };
    },
  };
}

/** `.csv.gz`: what tells a reader more than the bytes do. */
const endingOf = (name: string): string => /(?:\.[A-Za-z0-9]{1,8}){0,2}$/.exec(name)?.[0] ?? '';

async function hashOf(file: SampledFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of await file.open()) hash.update(part);
  return hash.digest('hex');
}

function tooLarge({ name, size }: SampledFile, most: number): TemperaError {
  const message =
    `${name} has ${size.toLocaleString('en')} bytes; ${most.toLocaleString('en')} at most (MAX_UPLOAD_BYTES). ` +
    'Give it in parts, or as parquet.';
  return new TemperaError('TOO_LARGE', message);
}
