/** A stage as its conversation shows it: the facts, what was run with what result, what the person said. */

import type { ModelMessage, ToolResultBlock, ToolUseBlock } from '../../core/ports/model.ts';
import { type Facts, type Findings, type PlaybookName, readFacts, readFindings } from './facts.ts';
import { readMark } from './playbooks.ts';

/** One run of a playbook's script. */
export interface ScriptRun {
  name: string;
  /** The script's first line: the playbook and what was wanted of it. */
  mark: string;
  ok: boolean;
  output: string;
}

export interface StageView {
  facts: Facts | null;
  /** All of the opening message: earlier summaries, messages kept for this stage. */
  brief: string;
  runs: ScriptRun[];
  /** What the person said, the instructions first, then kept and later messages, oldest first. */
  said: string[];
  /** Answers to `ask_user`, oldest first. */
  answers: string[];
  /** What validation sent back, oldest first. */
  validations: string[];
  /** Text that came since this model last spoke, to be acknowledged. */
  fresh: string[];
  /** Results of `read_file`, oldest first. */
  reads: string[];
  /** What was said and found since the stage was done; null before the first follow-up. */
  followUp: FollowUpView | null;
}

export interface FollowUpView {
  /** What the person said in this follow-up, oldest first. */
  asked: string[];
  /** Results by what was read or queried: a path, or a statement; null where it failed. */
  found: Map<string, string | null>;
}

/** Reads a whole conversation. Pure. */
export function viewStage(messages: readonly ModelMessage[]): StageView {
  const view: StageView = {
    facts: null,
    brief: '',
    runs: [],
    said: [],
    answers: [],
    validations: [],
    fresh: [],
    reads: [],
    followUp: null,
  };
  const calls = new Map<string, ToolUseBlock>();
  let finished = false;
  for (const message of messages) {
    if (message.role === 'assistant') {
      view.fresh = [];
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
  return view;
}

/** Findings of the newest run that bears `mark`, null when it has not run, failed or printed nothing usable. */
export function findingsOf<Name extends PlaybookName>(
  view: StageView,
  name: Name,
  mark: string,
): Findings<Name> | null {
  const run = runsOf(view, mark).findLast((candidate) => candidate.ok);
  return run === undefined ? null : readFindings(name, run.output);
}

/** Every run of one script as wanted, repaired ones among them, oldest first. */
export function runsOf(view: StageView, mark: string): ScriptRun[] {
  return view.runs.filter((run) => run.mark === mark);
}

function addResult(view: StageView, call: ToolUseBlock | undefined, result: ToolResultBlock): void {
  if (call?.name === 'ask_user' && result.is_error !== true) view.answers.push(result.content);
  if (call?.name === 'finish' && result.is_error === true) {
    view.validations.push(result.content);
    view.fresh.push(result.content);
  }
  if (call?.name === 'read_file' && result.is_error !== true) view.reads.push(result.content);
  const subject = call?.name === 'read_file' ? call.input.path : call?.input.sql;
  if (typeof subject === 'string')
    view.followUp?.found.set(subject, result.is_error === true ? null : result.content);
  const code = call?.name === 'execute_code' ? call.input.code : undefined;
  const mark = typeof code === 'string' ? readMark(code) : null;
  if (mark === null) return;
  const ok = result.is_error !== true && /^exit: (ok|0)\b/m.test(result.content);
  view.runs.push({ ...mark, ok, output: result.content });
}

function addText(view: StageView, text: string, finished: boolean): void {
  if (view.brief === '') {
    view.brief = text;
    view.facts = readFacts(text);
    view.said.push(...openingWords(view.facts, text));
    return;
  }
  if (text.startsWith('# Follow-up\n')) {
    view.followUp = { asked: [], found: new Map() };
    return;
  }
  if (view.followUp) {
    view.followUp.asked.push(text);
    return;
  }
  if (finished && /validat/i.test(text)) view.validations.push(text);
  else view.said.push(text);
  view.fresh.push(text);
}

function openingWords(facts: Facts | null, brief: string): string[] {
  const kept = brief.split('\n## Said by the person since\n')[1] ?? '';
  const lines = kept.split('\n').map((line) => line.replace(/^- /, '').trim());
  return [facts?.instructions ?? '', ...lines].filter((line) => line !== '');
}
