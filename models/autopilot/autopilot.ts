/**
 * The offline model. It answers in the same messages and tool calls as any provider and knows nothing but the
 * request: the same request gives the same answer, byte for byte, ids of tool calls included.
 *
 * 1. It looks (a profile script), decides from what came back, writes the next script from a playbook, reads its
 *    findings, repairs what failed, and finishes with a summary.
 * 2. What a script is asked for depends on the facts, the findings and the person's words only. When those change,
 *    the scripts that they concern are wanted anew, and only those.
 */

import { TemperaError } from '../../core/errors.ts';
import { sha256 } from '../../core/ids.ts';
import type {
  AssistantBlock,
  LanguageModel,
  ModelAnswer,
  ModelCallOptions,
  ModelMessage,
  ModelRequest,
} from '../../core/ports/model.ts';
import { acknowledge } from './answering/acknowledgement.ts';
import { decideFollowUp } from './answering/follow-up.ts';
import { nextLookUp } from './answering/stage-answers.ts';
import type { Facts } from './facts.ts';
import type { LedgerRequest, NextAction } from './next-action.ts';
import { type Playbooks, readPlaybooks, renderPlaybook } from './playbooks.ts';
import { spokenOrders } from './reading/spoken-orders.ts';
import { viewStage, withWords } from './stage-view.ts';
import { decideEda, EDA_TASKS } from './stages/eda.ts';
import { decidePrep, PREP_TASKS } from './stages/prep.ts';
import { decideTrain, TRAIN_TASKS } from './stages/train.ts';
import type { StageView } from './view.ts';

export interface AutopilotOptions {
  /** The folder `sandbox/playbooks`, wherever it was installed. */
  playbooksFolder: string;
}

const STAGES = {
  eda: { decide: decideEda, tasks: EDA_TASKS },
  prep: { decide: decidePrep, tasks: PREP_TASKS },
  train: { decide: decideTrain, tasks: TRAIN_TASKS },
} as const;

/** Which task of a stage a playbook belongs to. */
const TASK_OF: Record<string, number> = {
  eda_relations: 1,
  eda_report: 2,
  prep_build: 1,
  prep_check: 2,
  train_compare: 1,
  train_network: 1,
  train_final: 2,
};

/** Rows of a query that a follow-up's answer shows. */
const MOST_ROWS = 20;
/** Characters of text handed to `onText` at once. */
const PIECE = 48;
/**
 * Characters that one token is taken for; usage is an estimate here, nothing is billed. What an earlier turn has read
 * is not counted again: a conversation costs what it holds, once.
 */
const CHARACTERS_PER_TOKEN = 4;

export const AUTOPILOT_MODELS = [{ id: 'standard', name: 'Autopilot (offline)' }] as const;

/** Reads the playbooks once and gives the model. */
export function createAutopilot(options: AutopilotOptions): LanguageModel {
  const playbooks = readPlaybooks(options.playbooksFolder);
  return {
    offline: true,
    runsPlaybooks: true,
    complete: async (request, callOptions) => complete(playbooks, request, callOptions),
    list: async () => [...AUTOPILOT_MODELS],
  };
}

function complete(playbooks: Playbooks, request: ModelRequest, options: ModelCallOptions): ModelAnswer {
  options.signal.throwIfAborted();
  const view = viewStage(request.messages);
  if (request.messages.at(-1)?.role !== 'user') {
    throw new TemperaError(
      'MODEL_REQUEST',
      'Completing a conversation: its last message must be the user’s.',
    );
  }
  const action = decide(view, new Set(request.tools.map(({ name }) => name)));
  const content = blocksOf(playbooks, { request, view, action });
  streamText(content, options);
  return {
    content,
    stopReason: content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn',
    usage: { input: tokens(newIn(request.messages)), output: tokens(content), cacheRead: 0, cacheWrite: 0 },
    cost: 0,
  };
}

function decide(view: StageView, tools: ReadonlySet<string>): NextAction {
  if (view.followUp !== null) return decideFollowUp(view.followUp, view.facts);
  const mayLookUp = tools.has('read_file') && tools.has('query_sql');
  // what is taken back only the ledger knows: it is asked before anything else is done
  if (spokenOrders(view).some(({ state, outcome }) => state === 'open' && outcome === null))
    return { do: 'decide', say: 'I look what your last change was.', orders: openOrders(view) };
  const lookUp = mayLookUp ? nextLookUp(view) : null;
  if (lookUp !== null) return lookUp;
  return view.facts === null ? decideWithoutFacts(view) : STAGES[view.facts.stage].decide(view, view.facts);
}

/** A question outside a stage: all that can be said offline is what the reports say. */
function decideWithoutFacts(view: StageView): NextAction {
  const report = view.reads.at(-1);
  if (report === undefined) {
    return { do: 'read', say: 'I look up what the training reported.', path: 'train/report.md' };
  }
  const short =
    /## In short\n+([\s\S]*?)(?=\n## |$)/.exec(report)?.[1]?.trim() ?? 'There is no training report yet.';
  const summary = `I work offline and can answer from the reports only. ${short}`;
  return { do: 'finish', say: summary, summary };
}

interface Answering {
  request: ModelRequest;
  view: StageView;
  action: NextAction;
}

function blocksOf(playbooks: Playbooks, answering: Answering): AssistantBlock[] {
  const { request, view, action } = answering;
  const blocks: AssistantBlock[] = [{ type: 'text', text: `${acknowledge(view)}${action.say}` }];
  const offered = new Set(request.tools.map((tool) => tool.name));
  const call = (name: string, input: Record<string, unknown>) => {
    if (!offered.has(name)) return;
    const seed = JSON.stringify([view.brief, request.messages.length, blocks.length, name, input]);
    blocks.push({ type: 'tool_use', id: `call_${sha256(seed).slice(0, 24)}`, name, input });
  };
  for (const { spoken, changes, undo } of openOrders(view, action))
    call('change_decision', { spoken, changes, ...(undo ? { undo } : {}) });
  const tasks = view.facts === null || view.followUp !== null ? null : tasksAt(view.facts, action);
  if (tasks !== null) call('update_tasks', { items: tasks });
  if (action.do === 'run') {
    const { title, gpu } = action.call;
    const code = renderPlaybook(playbooks, action.call);
    call('execute_code', { code, title, ...(gpu === true ? { gpu } : {}) });
  } else if (action.do === 'ask') {
    call('ask_user', { question: action.question, choices: action.choices });
  } else if (action.do === 'read') {
    call('read_file', { path: action.path });
  } else if (action.do === 'query') {
    call('query_sql', { sql: action.sql, limit: MOST_ROWS });
  } else if (action.do === 'finish') {
    const { summary, unable } = action;
    call('finish', unable === undefined ? { summary: withWords(summary, view) } : { summary, unable });
  }
  return blocks;
}

/** What the person has ordered and the ledger has not yet: before anything else is done. */
function openOrders(view: StageView, action?: NextAction): readonly LedgerRequest[] {
  if (action?.do === 'decide') return action.orders;
  return view.followUp === null ? spokenOrders(view).filter(({ state }) => state === 'open') : [];
}

function tasksAt(facts: Facts, action: NextAction): { title: string; state: string }[] {
  const { tasks } = STAGES[facts.stage];
  const now =
    action.do === 'run' ? (TASK_OF[action.call.name] ?? 0) : action.do === 'finish' ? tasks.length : 0;
  return tasks.map((title, place) => ({
    title,
    state: place < now ? 'done' : place === now ? 'in_progress' : 'pending',
  }));
}

/** Hands an answer's text on in pieces, as a provider that streams does. */
export function streamText(content: readonly AssistantBlock[], options: ModelCallOptions): void {
  let offset = 0;
  for (const block of content) {
    if (block.type !== 'text') continue;
    for (let start = 0; start < block.text.length; start += PIECE) {
      const piece = block.text.slice(start, start + PIECE);
      options.onText(piece, offset);
      offset += piece.length;
    }
  }
}

/** What has come since this model last spoke. */
function newIn(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
}

function tokens(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / CHARACTERS_PER_TOKEN);
}
