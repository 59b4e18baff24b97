/** Commands about what the platform runs work on. */

import { z } from 'zod';
import { ENDPOINT_KINDS, type Endpoint, EndpointSchema } from '../../core/endpoints.ts';
import type { Command, CommandContext } from '../command.ts';
import { tableOf } from '../output.ts';
import { oneOf } from './option-values.ts';

const Endpoints = z.object({ endpoints: z.array(EndpointSchema) });
const Drained = z.object({ running: z.number() });
const GIBIBYTE = 2 ** 30;

async function show({ api, output, terminal }: CommandContext, kind: string | undefined): Promise<void> {
  const query = kind === undefined ? '' : `?kind=${kind}`;
  const { endpoints } = await (await api()).request(Endpoints, `/api/endpoints${query}`);
  output.result({ endpoints }, tableOf(endpoints.map(endpointRow), terminal.columns));
}

/** One endpoint as a line for people. */
export function endpointRow(endpoint: Endpoint): Record<string, unknown> {
  const { id, kind, name, status, address, holder, gpu, isolation, reason, since } = endpoint;
  return {
    kind: kind.replaceAll('_', ' '),
    name,
    status,
    since,
    address,
    held: holder && (holder.execution_id || 'yes'),
    memory:
      gpu &&
      `${gibibytes(gpu.memory_used_bytes)} of ${gibibytes(gpu.memory_total_bytes)} GiB, ${gpu.utilisation_percent} %`,
    isolation: isolation && isolationWords(isolation),
    // what `sandbox drain` takes
    id: kind === 'sandbox_host' ? id : null,
    reason,
  };
}

function isolationWords({ level, policy, missing }: NonNullable<Endpoint['isolation']>): string {
  const lacks = missing.length > 0 ? `, lacks ${missing.join(' ')}` : '';
  return `${level} (policy ${policy}${lacks})`;
}

const gibibytes = (bytes: number): string => (bytes / GIBIBYTE).toFixed(1);

const endpoints: Command = {
  name: 'endpoints',
  usage: '[--kind KIND]',
  summary: 'Lists sandbox hosts with their slots and GPUs, model providers and workers.',
  options: { kind: { type: 'string' } },
  arguments: [0, 0],
  async run(context, _, values) {
    await show(context, oneOf(values, 'kind', ENDPOINT_KINDS));
    return undefined;
  },
};

const gpuStatus: Command = {
  name: 'gpu status',
  usage: '',
  summary: 'Shows each GPU: memory, utilisation, who holds it.',
  arguments: [0, 0],
  async run(context) {
    await show(context, 'gpu');
    return undefined;
  },
};

const drain: Command = {
  name: 'sandbox drain',
  usage: 'HOST_ID [--undo]',
  summary:
    'Empties a sandbox host: what runs there ends, new work goes elsewhere; --undo lets it take some again.',
  options: { undo: { type: 'boolean' } },
  arguments: [1, 1],
  async run({ api, output }, [id = ''], { undo }) {
    const on = undo !== true;
    const path = `/api/endpoints/${encodeURIComponent(id)}/drain`;
    const { running } = await (await api()).request(Drained, path, { json: { on } });
    const emptied = running === 0 ? 'nothing runs there.' : `${running} executions still run there.`;
    output.result(
      { id, draining: on, running },
      on ? `New work goes elsewhere; ${emptied}\n` : 'It takes new work.\n',
    );
    return undefined;
  },
};

export const endpointCommands: Command[] = [endpoints, gpuStatus, drain];
