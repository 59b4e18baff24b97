/**
 * What each agent is: a role, a prompt and a set of tools, read once from this folder's Markdown and JSON.
 * The prompt's version is a hash of all that reaches the model, so that a stage's row can name what it ran with.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TemperaError } from '../core/errors.ts';
import { inWords } from '../core/issue-words.ts';
import type { ToolDefinition } from '../core/ports/model.ts';
import { STAGES, type Stage } from '../core/stages.ts';
import { decisionKeyLines } from './decision-keys.ts';
import { TOOL_NAMES, TOOLS, toolSchema } from './tools.ts';

const AGENT_FILE = z.strictObject({
  title: z.string(),
  role: z.string(),
  tools: z.array(z.enum(TOOL_NAMES)).min(1),
});

export interface Agent {
  stage: Stage;
  /** Shown to people, e.g. "Exploration". */
  title: string;
  /** One sentence about what it is for. */
  role: string;
  /** The system prompt. */
  system: string;
  tools: ToolDefinition[];
  /** SHA-256 of prompt and tools, lower-case hex. */
  promptVersion: string;
}

export type Agents = Readonly<Record<Stage, Agent>>;

/**
 * Reads every agent below `folder` (this folder, wherever it was installed). Throws INVALID_INPUT with the file's
 * name when one is missing or malformed.
 */
export function createAgents(folder: string): Agents {
  const shared = readText(join(folder, 'shared.md')).replace('{decision_keys}', decisionKeyLines);
  const entries = STAGES.map((stage) => [stage, readAgent(folder, stage, shared)] as const);
  return Object.freeze(Object.fromEntries(entries)) as Agents;
}

function readAgent(folder: string, stage: Stage, shared: string): Agent {
  const path = join(folder, stage, 'agent.json');
  const parsed = AGENT_FILE.safeParse(parseJson(path), { error: inWords });
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'} ${issue.message}`);
    throw new TemperaError('INVALID_INPUT', `Reading agent [${path}]: ${wrong.join('; ')}.`);
  }
  const { title, role, tools: names } = parsed.data;
  const system = `${readText(join(folder, stage, 'prompt.md')).trim()}\n\n${shared.trim()}\n`;
  const tools = names.map((name) => ({
    name,
    description: TOOLS[name].description,
    input_schema: toolSchema(name),
  }));
  const promptVersion = createHash('sha256').update(JSON.stringify({ system, tools })).digest('hex');
  return Object.freeze({ stage, title, role, system, tools, promptVersion });
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof TemperaError) throw error;
    throw new TemperaError('INVALID_INPUT', `Reading agent [${path}]: it is not JSON.`, { cause: error });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TemperaError('INVALID_INPUT', `Reading agent file [${path}]: it cannot be read.`, {
      cause: error,
    });
  }
}
