/** A stage as its conversation shows it: the facts, what was run with what result, what the person said. */

import type { ModelMessage, ToolResultBlock, ToolUseBlock } from '../../core/ports/model.ts';
import type { Stage } from '../../core/stages.ts';
import {
  type Facts,
  type Findings,
  type PlaybookName,
  readFacts,
  readFindings,
  readOrdered,
} from './facts.ts';
import { readMark } from './playbooks.ts';
import { asksOnly, NO_COLUMNS, readClauses } from './reading/clauses.ts';
import { factsNow } from './reading/spoken-orders.ts';
import type { FollowUpView, ScriptExecution, StageView, Words } from './view.ts';

/** How a question for the target ends. */
export const TARGET_QUESTION = 'Which column should be predicted?';
/** How a question for the metric ends. */
export const METRIC_QUESTION = 'Which metric should it be?';
/** The choice that leaves a question to this model. */
export const YOU_CHOOSE = 'You choose';

/** Reads a whole conversation. Pure. */
export function viewStage(messages: readonly ModelMessage[]): StageView {
  const view: StageView = {
    facts: null,
    given: null,
    brief: '',
    executions: [],
    messages: [],
    words: [],
    turn: 0,
    stageMessages: [],
    answers: [],
    validations: [],
    fresh: [],
    reads: [],
    lookedUp: new Map(),
    ordered: [],
    followUp: null,
  };
  const calls = new Map<string, ToolUseBlock>();
  let finished = false;
  for (const message of messages) {
    if (message.role === 'assistant') {
      view.fresh = [];
      view.turn += 1;
      for (const block of message.content) {
        if (block.type !== 'tool_use') continue;
        calls.set(block.id, block);
        finished ||= block.name === 'finish';
      }
      continue;
    }
    for (const block of message.content) {
      if (block.type === 'tool_result') addResult(view, calls.get(block.tool_use_id), block);
      else addText(view, block.text, finished);
    }
  }
  view.facts = factsNow(view);
  return view;
}

/** Scripts whose files another one reads: when the first has run anew, so must the second. */
const BUILDS_ON: Record<string, string> = {
  eda_relations: 'eda_profile',
  eda_report: 'eda_relations',
  prep_check: 'prep_build',
  train_network: 'train_compare',
  train_final: 'train_compare',
};

/**
 * Findings of the newest run that bears `mark`; null when it has not run, failed or printed nothing usable, or when
 * its files were overwritten since, by the same script for something else or by one that it builds on.
 */
export function findingsOf<Name extends PlaybookName>(
  view: StageView,
  name: Name,
  mark: string,
): Findings<Name> | null {
  const done = view.executions.findLastIndex((execution) => execution.ok && execution.name === name);
  const execution = view.executions[done];
  if (execution === undefined || execution.mark !== mark || done < lastOf(view, BUILDS_ON[name])) return null;
  return readFindings(name, execution.output);
}

function lastOf(view: StageView, name: string | undefined): number {
  return view.executions.findLastIndex((execution) => execution.ok && execution.name === name);
}

/** Runs of a script as wanted since it last gave findings: every one of them failed. */
export function failuresOf(view: StageView, name: PlaybookName, mark: string): ScriptExecution[] {
  const executions = executionsOf(view, mark);
  return executions.slice(
    executions.findLastIndex((execution) => execution.ok && readFindings(name, execution.output) !== null) +
      1,
  );
}

/** Every run of one script as wanted, repaired ones among them, oldest first. */
export function executionsOf(view: StageView, mark: string): ScriptExecution[] {
  return view.executions.filter((execution) => execution.mark === mark);
}

function addResult(view: StageView, call: ToolUseBlock | undefined, result: ToolResultBlock): void {
  if (call?.name === 'ask_user' && result.is_error !== true) addAnswer(view, call, result.content);
  if (call?.name === 'finish' && result.is_error === true) {
    view.validations.push(result.content);
    view.fresh.push(result.content);
  }
  if (call?.name === 'change_decision') addOrdered(view, call, result);
  if (call?.name === 'read_file' && result.is_error !== true) view.reads.push(result.content);
  const subject = call?.name === 'read_file' ? call.input.path : call?.input.sql;
  if (typeof subject === 'string') {
    const content = result.is_error === true ? null : result.content;
    if (view.followUp) view.followUp.found.set(subject, content);
    else view.lookedUp.set(subject, { content, turn: view.turn });
  }
  const code = call?.name === 'execute_code' ? call.input.code : undefined;
  const mark = typeof code === 'string' ? readMark(code) : null;
  if (mark === null) return;
  const ok = result.is_error !== true && /^exit: (ok|0)\b/m.test(result.content);
  view.executions.push({ ...mark, ok, output: result.content, turn: view.turn });
}

function addOrdered(view: StageView, { input }: ToolUseBlock, { content, is_error }: ToolResultBlock): void {
  const ordered = is_error === true ? null : readOrdered(content);
  view.ordered.push({ spoken: String(input.spoken), ordered, why: content, turn: view.turn });
}

/** The answer to a question for the target names it, whatever its words are. */
function addAnswer(view: StageView, call: ToolUseBlock, text: string): void {
  const question = String(call.input.question ?? '');
  view.answers.push({ question, text });
  const isWish = question.endsWith(TARGET_QUESTION) || question.endsWith(METRIC_QUESTION);
  // what the question offered is understood by who asked it, and is no wish beyond that
  if (isOffered(call, text) && (!isWish || isSame(text, YOU_CHOOSE))) return;
  const [only, ...more] = readClauses(text, NO_COLUMNS);
  const isConsent = only?.consent && more.length === 0;
  const named =
    question.endsWith(TARGET_QUESTION) && !isConsent && !(asksOnly(text) && !isOffered(call, text));
  addMessage(view, named ? `predict ${text}` : text, text);
}

function isOffered({ input: { choices } }: ToolUseBlock, text: string): boolean {
  return Array.isArray(choices) && choices.some((choice) => isSame(String(choice), text));
}

/** True for an answer that is the choice itself. */
export function isSame(choice: string, answer: string): boolean {
  return choice.trim().toLowerCase() === answer.trim().toLowerCase();
}

function addMessage(view: StageView, text: string, quote = text): void {
  view.messages.push(text);
  view.stageMessages.push(text);
  view.words.push({ text, quote, stage: view.facts?.stage ?? 'eda', turn: view.turn });
}

/** What was found before: neither upload nor records change while the stage is talked about. */
function recordsOf(before: FollowUpView | null): Map<string, string | null> {
  return new Map([...(before?.found ?? [])].filter(([, content]) => content !== null));
}

function addText(view: StageView, text: string, finished: boolean): void {
  if (view.brief === '') {
    view.brief = text;
    view.facts = readFacts(text);
    view.given = view.facts;
    const { before, late } = openingWords(view.facts, text);
    view.messages.push(...before.map((each) => each.text));
    view.words.push(...before);
    for (const each of late) addMessage(view, each);
    return;
  }
  if (text.startsWith('# Follow-up\n')) {
    view.ordered = [];
    view.followUp = { asked: [], found: recordsOf(view.followUp), ordered: view.ordered };
    return;
  }
  if (view.followUp) {
    view.followUp.asked.push(text);
    return;
  }
  if (finished && /validat/i.test(text)) view.validations.push(text);
  else addMessage(view, text);
  view.fresh.push(text);
}

/** Instructions and what summaries hand on of earlier stages; what was said since the last one. */
function openingWords(facts: Facts | null, brief: string): { before: Words[]; late: string[] } {
  const since = brief.split('\n## Said by the person since\n')[1] ?? '';
  const lines = since.split('\n').map((line) => line.replace(/^- /, '').trim());
  const instructions = facts?.instructions ?? '';
  const turn = facts?.stage === 'eda' ? 0 : null;
  const before: Words[] = [{ text: instructions, quote: instructions, stage: 'eda', turn }];
  let stage: Stage = 'eda';
  for (const [, heading, text] of brief.matchAll(HANDED_ON)) {
    if (heading !== undefined) stage = heading as Stage;
    else if (text !== undefined) before.push({ text, quote: text, stage, turn: null });
  }
  return { before: before.filter(({ text }) => text !== ''), late: lines.filter((line) => line !== '') };
}

const HANDED_ON = /^(?:## What the (eda|prep|train) stage handed over|You said in this stage: “(.*)”)$/gm;

/** A summary with what was said in the stage, one line each, so that wishes reach the stages after it. */
export function withWords(summary: string, view: StageView): string {
  const lines = view.stageMessages.map(
    (text) => `You said in this stage: “${text.replace(/\s+/g, ' ').slice(0, 1000)}”`,
  );
  return [summary, ...lines].join('\n');
}
