/** Commands about what the platform runs work on. */

import { z } from 'zod';
import { ENDPOINT_KINDS, type Endpoint, EndpointSchema } from '../../core/endpoints.ts';
import type { ApiClient } from '../api-client.ts';
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

/** A line for each sandbox host that is being emptied, and how it takes work again; none where that cannot be asked. */
export async function drainedHosts(client: ApiClient): Promise<string[]> {
  const { endpoints } = await client
    .request(Endpoints, '/api/endpoints?kind=sandbox_host')
    .catch(() => ({ endpoints: [] })); // what is asked for is told all the same
  return endpoints.flatMap((host) =>
    host.status === 'STOPPING'
      ? [
          `The sandbox host ${hostName(host)} is being emptied and takes no new work. Let it take ` +
            `some again with: npm start -- sandbox drain ${host.id} --undo`,
        ]
      : [],
  );
}

const hostName = ({ name, address }: Pick<Endpoint, 'name' | 'address'>): string =>
  address && address !== name ? `${name} (${address})` : name;

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
    const client = await api();
    const { running } = await client.request(Drained, path, { json: { on } });
    const { endpoints } = await client.request(Endpoints, '/api/endpoints?kind=sandbox_host');
    const found = endpoints.find((host) => host.id === id);
    const name = found ? hostName(found) : id;
    const emptied = running === 0 ? 'nothing runs there.' : `${running} executions still run there.`;
    output.result(
      { id, name, draining: on, running },
      on
        ? `The sandbox host ${name} takes no new work; ${emptied} Undo it with: npm start -- ` +
            `sandbox drain ${id} --undo\n`
        : `The sandbox host ${name} takes new work.\n`,
    );
    return undefined;
  },
};

export const endpointCommands: Command[] = [endpoints, gpuStatus, drain];
