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

/** How a question for the target ends. */
export const TARGET_QUESTION = 'Which column should be predicted?';

export interface StageView {
  facts: Facts | null;
  /** All of the opening message: earlier summaries, messages kept for this stage. */
  brief: string;
  runs: ScriptRun[];
  /** What the person said: instructions, then words of earlier stages, then what was said in this one, oldest first. */
  said: string[];
  /** What was said in this stage, answers among it: a part of `said`, handed on to the next stage. */
  heard: string[];
  /** Answers to `ask_user`, oldest first. */
  answers: { question: string; text: string }[];
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
    heard: [],
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
  if (call?.name === 'ask_user' && result.is_error !== true) addAnswer(view, call, result.content);
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

/** The answer to a question for the target names it, whatever its words are. */
function addAnswer(view: StageView, call: ToolUseBlock, text: string): void {
  const question = String(call.input.question ?? '');
  view.answers.push({ question, text });
  hear(view, question.endsWith(TARGET_QUESTION) ? `predict ${text}` : text);
}

function hear(view: StageView, text: string): void {
  view.said.push(text);
  view.heard.push(text);
}

function addText(view: StageView, text: string, finished: boolean): void {
  if (view.brief === '') {
    view.brief = text;
    view.facts = readFacts(text);
    const { before, kept } = openingWords(view.facts, text);
    view.said.push(...before, ...kept);
    view.heard.push(...kept);
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
  else hear(view, text);
  view.fresh.push(text);
}

/** Instructions and what summaries hand on of earlier stages; what was said since the last one. */
function openingWords(facts: Facts | null, brief: string): { before: string[]; kept: string[] } {
  const since = brief.split('\n## Said by the person since\n')[1] ?? '';
  const lines = since.split('\n').map((line) => line.replace(/^- /, '').trim());
  const handed = [...brief.matchAll(HANDED_ON)].map((found) => found[1] ?? '');
  const isSaid = (line: string) => line !== '';
  return { before: [facts?.instructions ?? '', ...handed].filter(isSaid), kept: lines.filter(isSaid) };
}

const HANDED_ON = /^You said in this stage: “(.*)”$/gm;

/** A summary with what was said in the stage, one line each, so that wishes reach the stages after it. */
export function withWords(summary: string, view: StageView): string {
  const lines = view.heard.map(
    (text) => `You said in this stage: “${text.replace(/\s+/g, ' ').slice(0, 1000)}”`,
  );
  return [summary, ...lines].join('\n');
}
