/** The agents' prompts and tools in the form in which the loop asks for them. */

import { z } from 'zod';
import { datasetPath } from '../core/file-names.ts';
import { inWords } from '../core/issue-words.ts';
import type { ToolDefinition } from '../core/ports/model.ts';
import type { Experiment } from '../core/records.ts';
import type { SharedDecision } from '../core/shared-decisions.ts';
import type { Stage } from '../core/stages.ts';
import { createAgents } from './agents.ts';
import { mendedInput } from './mended-input.ts';
import { FOLLOW_UP_BRIEF, stageBrief } from './stage-brief.ts';
import { isToolName, TOOL_INPUTS, TOOLS } from './tools.ts';

/** What the loop needs to know of agents: prompts, tools and the brief of a stage, as data. */
export interface AgentCatalogue {
  stage(stage: Stage): { system: string; tools: ToolDefinition[]; promptVersion: string };
  /** Which of the loop's three kinds a tool is; null for a name that no agent has. */
  toolKind(name: string): 'workspace' | 'read' | 'control' | null;
  /** Mends what of a call's input is no reason to refuse it, e.g. a title that is too long. */
  mendInput(name: string, input: Record<string, unknown>): Record<string, unknown>;
  /** Checks a call's input against the tool's schema. */
  parseInput(name: string, input: Record<string, unknown>): ParsedInput;
  /** The first message of a stage. */
  brief(brief: StageBrief): string;
  /** What an agent is told before the first message of a follow-up. */
  followUpBrief(): string;
}

export type ParsedInput = { ok: true; input: Record<string, unknown> } | { ok: false; message: string };

export interface StageBrief {
  stage: Stage;
  sessionId: string;
  experiment: Experiment;
  /** The summaries with which the stages before were finished. */
  summaries: { stage: Stage; summary: string }[];
  /** What is in force, as far as an agent may be told. */
  decisions: SharedDecision[];
  /** Whether a sandbox host has a GPU slot. */
  gpu: boolean;
}

/** @param folder this one, wherever it was installed */
export function createCatalogue(folder: string): AgentCatalogue {
  const agents = createAgents(folder);
  return {
    stage: (stage) => agents[stage],
    toolKind: (name) => (isToolName(name) ? TOOLS[name].touches : null),
    mendInput: mendedInput,
    parseInput(name, input) {
      if (!isToolName(name))
        return {
          ok: false,
          message: `There is no tool '${name}'. The tools are ${Object.keys(TOOLS).join(', ')}.`,
        };
      const parsed = TOOL_INPUTS[name].safeParse(input, { error: inWords });
      if (parsed.success) return { ok: true, input: { ...parsed.data } };
      const issues = parsed.error.issues.map(
        (issue) => `${issue.path.join('.') || 'input'} ${issue.message}`,
      );
      return {
        ok: false,
        message: `The input of ${name} is wrong: ${issues.join('; ')}. Mend it and call again.`,
      };
    },
    followUpBrief: () => FOLLOW_UP_BRIEF,
    brief({ stage, sessionId, experiment, summaries, decisions, gpu }) {
      const { id, name, dataset, ...options } = experiment;
      const files = dataset.files.map((file) => datasetPath(file.name));
      const suggested_target = suggestedTarget(dataset.profile);
      const facts = {
        ...options,
        session_id: sessionId,
        experiment_id: id,
        experiment_name: name,
        files,
        suggested_target,
        gpu,
        decisions,
      };
      return stageBrief({ stage, facts, previousSummaries: summaries });
    },
  };
}

const PROFILE = z.looseObject({
  suggested_target: z.object({ name: z.string(), reason: z.string() }).nullish(),
});

/** The column that the upload's profile takes for the target; null when it has no profile or suggests none. */
function suggestedTarget(profile: unknown): { name: string; reason: string } | null {
  const parsed = PROFILE.safeParse(profile);
  return parsed.success ? (parsed.data.suggested_target ?? null) : null;
}
