/** What `tempera doctor` says: checks with their remedies, parts with their state, and what holds agent code in. */

import { z } from 'zod';
import type { PreflightCheck } from '../../config/index.ts';

const PartSchema = z.looseObject({ status: z.string(), latency_ms: z.number() });
const LayersSchema = z.looseObject({
  isolation: z.string(),
  runs_agent_code: z.boolean(),
  layers: z.array(z.object({ name: z.string(), level: z.string(), detail: z.string() })).default([]),
});

/** Lines for people; `parts` is what /api/status says, null where nothing runs. */
export function doctorText(checks: readonly PreflightCheck[], parts: Record<string, unknown> | null): string {
  const settings = checks
    .map(({ level, about, message, remedy }) => `  ${level} ${about}: ${message}\n      ${remedy}\n`)
    .join('');
  const running = parts === null ? 'Nothing runs. Start it with: npm start\n' : partsText(parts);
  return `Settings\n${settings || '  nothing to mend\n'}${running}`;
}

function partsText(parts: Record<string, unknown>): string {
  const lines = Object.entries(parts).flatMap(([name, part]) => {
    const parsed = PartSchema.safeParse(part);
    return parsed.success
      ? [`  ${name.padEnd(10)} ${parsed.data.status.padEnd(5)} ${parsed.data.latency_ms} ms\n`]
      : [];
  });
  return `Parts (${String(parts.overall_status)})\n${lines.join('')}${isolationText(parts.sandbox)}`;
}

/** The layers of isolation with what was proven of each; empty where no host says any. */
export function isolationText(sandbox: unknown): string {
  const parsed = LayersSchema.safeParse(sandbox);
  if (!parsed.success) return '';
  const { isolation, runs_agent_code, layers } = parsed.data;
  const verdict = runs_agent_code ? 'agent code runs' : 'agent code is refused';
  const lines = layers.map(
    ({ name, level, detail }) => `  ${name.padEnd(20)} ${level.padEnd(8)} ${detail}\n`,
  );
  return `Isolation (policy ${isolation}; ${verdict})\n${lines.join('')}`;
}
