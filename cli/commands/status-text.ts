/** `tempera status` for people: where things are, then one line a process, then one line a part. */

import { tableOf } from '../output.ts';

/** What is shown of a running platform; `parts` is the api's own word, null where it does not answer. */
export interface ShownStatus {
  state: string;
  home: string;
  addresses: Record<string, string | null>;
  processes: {
    name: string;
    status: string;
    pid: number | null;
    restarts: number;
    address: string | null;
    reason: string | null;
  }[];
}

export function statusText(running: ShownStatus, parts: unknown, columns: number): string {
  const { api, temporalUi } = running.addresses;
  const head = tableOf(
    { Tempera: api, 'Temporal UI': temporalUi, state: running.state, home: running.home },
    columns,
  );
  const processes = running.processes.map(({ name, status, pid, restarts, address, reason }) => ({
    process: name,
    status,
    pid,
    restarts,
    address,
    ...(reason === null ? {} : { reason }),
  }));
  return `${head}\n${tableOf(processes, columns)}\n${partsText(parts, columns)}`;
}

function partsText(parts: unknown, columns: number): string {
  if (!isRecord(parts)) return 'The api does not answer: what the parts say of themselves is not known.\n';
  const rows = Object.entries(parts).flatMap(([part, answer]) =>
    isRecord(answer) && 'status' in answer
      ? [
          {
            part,
            status: String(answer.status),
            latency_ms: answer.latency_ms,
            ...(part === 'sandbox' ? { isolation: answer.isolation } : {}),
          },
        ]
      : [],
  );
  return `${tableOf(rows, columns)}${waitsText(parts.models)}overall: ${String(parts.overall_status)}\n`;
}

/** The model providers that sessions wait for, a line each. */
function waitsText(models: unknown): string {
  const waits = isRecord(models) && Array.isArray(models.waits) ? models.waits.filter(isRecord) : [];
  return waits
    .map(({ provider, cause, since, next_try, sessions }) => {
      const who = sessions === 1 ? '1 session waits' : `${sessions} sessions wait`;
      const parts = [`${who} for the model provider ${provider} (${cause})`, since && `since ${since}`];
      return `${[...parts, next_try && `next try ${next_try}`].filter(Boolean).join(', ')}\n`;
    })
    .join('');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
