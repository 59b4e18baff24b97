/**
 * Runs the offline model's loop against real Python in a temporary folder laid out like a session, without the
 * platform: the loop here answers tool calls in the order in which they come.
 */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { createAgents, type StageBriefInput, stageBrief } from '../../../agents/index.ts';
import { DECISIONS_FILE } from '../../../core/ledger-file.ts';
import type { LanguageModel, ModelMessage, ToolUseBlock, UserBlock } from '../../../core/ports/model.ts';
import { STAGES, type Stage } from '../../../core/stages.ts';
import { createAutopilot } from '../index.ts';
import { makeFolder, removeFolders } from './folders.ts';
import { headerOf, SessionLedger } from './session-ledger.ts';

const ROOT = join(__dirname, '../../..');
const MOST_TURNS = 30;

export interface ScriptResult {
  exit: 'ok' | 'error';
  stdout: string;
  stderr: string;
  seconds: number;
}

export interface StageRun {
  stage: Stage;
  turns: number;
  /** Seconds that the scripts took. */
  seconds: number;
  summary: string;
  /** Text of each turn and the tool calls in order, ids left out. */
  texts: string[];
  calls: { name: string; title: string; code: string }[];
  results: string[];
  asked: string[];
}

export interface RunnerOptions {
  /** What is imported ahead; default: what the sandbox imports ahead, which takes seconds. */
  modules?: readonly string[];
  python?: string;
}

/** A runner for the tests of a file; `onReady` is handed it before they run. */
export function useScriptRunner(onReady: (runner: ScriptRunner) => unknown, options?: RunnerOptions): void {
  let runner: ScriptRunner | undefined;
  beforeAll(async () => {
    runner = new ScriptRunner(options);
    await runner.ready();
    await onReady(runner);
  }, 360_000);
  afterAll(() => runner?.stop());
}

/** A process that has imported the packages and forks for each script. */
export class ScriptRunner {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor({ modules = [], python = findPython() }: RunnerOptions = {}) {
    const script = join(__dirname, 'fork_runner.py');
    const path = join(ROOT, 'sandbox');
    this.#process = spawn(python, [script, ...modules], {
      env: { PATH: '/usr/bin:/bin', PYTHONPATH: path, HOME: homedir(), TMPDIR: makeFolder('scripts') },
    });
    this.#process.stderr.resume();
    this.#reader = createInterface({ input: this.#process.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async ready(): Promise<void> {
    await this.#lines.next();
  }

  /** `draw: false` saves figures without drawing them. */
  async run(
    code: string,
    cwd: string,
    { env = {}, draw = true }: { env?: Record<string, string>; draw?: boolean } = {},
  ): Promise<ScriptResult> {
    this.#process.stdin.write(`${JSON.stringify({ code, cwd, env, draw })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('The script runner ended.');
    return JSON.parse(value);
  }

  /** Ends the process; what was made in temporary folders goes with it. */
  stop(): void {
    this.#process.stdin.end();
    this.#process.kill();
    this.#reader.close();
    removeFolders();
  }
}

/** The Python of the newest environment in the user's cache. */
export function findPython(): string {
  const folder = join(homedir(), '.cache/tempera/python');
  const found = readdirSync(folder).sort().at(-1);
  if (found === undefined)
    throw new Error(`There is no Python environment in [${folder}]: run npm start once.`);
  return join(folder, found, 'bin/python');
}

export interface SessionOptions {
  /** Path of the table; it is copied into the dataset folder. */
  table: string;
  /** Paths of other files of the dataset, such as a test file of its own. */
  others?: readonly string[];
  facts?: Partial<StageBriefInput['facts']>;
  stages?: readonly Stage[];
  /** Messages of the person by stage and the turn after which they come (counted from 1). */
  messages?: { stage: Stage; afterTurn: number; text: string }[];
  /** Answers to questions in their order; a question beyond them ends the stage. */
  answers?: readonly string[];
  /** Changes a script's code before it runs, to make it fail. */
  sabotage?: (code: string, stage: Stage, runs: number) => string;
  /** False: figures are saved without being drawn, for a table whose like another test draws. Default: true. */
  draw?: boolean;
  /** True: training compares the simplest candidates alone, on few folds, where nothing hangs on it. Default: false. */
  shortTraining?: boolean;
}

export interface SessionRecord {
  folder: string;
  stages: StageRun[];
  read: (path: string) => string;
  json: (path: string) => Record<string, unknown>;
  /** What is in force in the end, as `decisions.json`. */
  ledger: string;
}

/** Runs the stages of a session one after another; a summary is handed to the next one. */
export async function runSession(runner: ScriptRunner, options: SessionOptions): Promise<SessionRecord> {
  const home = makeFolder('autopilot');
  const folder = join(home, 'sessions/s');
  const dataset = join(home, 'datasets/e');
  for (const path of ['eda', 'prep', 'train']) mkdirSync(join(folder, path), { recursive: true });
  mkdirSync(dataset, { recursive: true });
  const files = [options.table, ...(options.others ?? [])];
  for (const path of files) cpSync(path, join(dataset, basename(path)));
  const model = createAutopilot({ playbooksFolder: join(ROOT, 'sandbox/playbooks') });
  const stages: StageRun[] = [];
  const ledger = new SessionLedger(options.facts ?? {}, headerOf(options.table));
  const answers = [...(options.answers ?? [])];
  for (const stage of options.stages ?? STAGES) {
    const previousSummaries = stages.map((run) => ({ stage: run.stage, summary: run.summary }));
    const facts = {
      session_id: 's',
      experiment_id: 'e',
      files: files.map((path) => basename(path)),
      ...options.facts,
      ...ledger.facts(),
    };
    const brief = stageBrief({ stage, facts, previousSummaries });
    stages.push(await runStage({ answers, runner, model, folder, dataset, options, stage, brief, ledger }));
    ledger.stageEnds(stage);
  }
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');
  return { folder, stages, read, json: (path) => JSON.parse(read(path)), ledger: ledger.file() };
}

interface StageSetting {
  /** Answers that are left. */
  answers: string[];
  runner: ScriptRunner;
  model: LanguageModel;
  folder: string;
  dataset: string;
  options: SessionOptions;
  stage: Stage;
  brief: string;
  ledger: SessionLedger;
}

async function runStage(setting: StageSetting): Promise<StageRun> {
  const agent = createAgents(join(ROOT, 'agents'))[setting.stage];
  const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: setting.brief }] }];
  const run: StageRun = {
    stage: setting.stage,
    turns: 0,
    seconds: 0,
    summary: '',
    texts: [],
    calls: [],
    results: [],
    asked: [],
  };
  while (run.turns < MOST_TURNS && run.summary === '') {
    const { system, tools } = agent;
    const request = { model: 'autopilot', system, messages, tools, maxTokens: 8000 };
    const answer = await setting.model.complete(request, {
      signal: new AbortController().signal,
      onText: () => {},
    });
    run.turns += 1;
    messages.push({ role: 'assistant', content: answer.content });
    const results: UserBlock[] = [];
    for (const block of answer.content) {
      if (block.type === 'text') run.texts.push(block.text);
      if (block.type !== 'tool_use') continue;
      const content = await answerCall(setting, run, block);
      results.push({ type: 'tool_result', tool_use_id: block.id, content });
    }
    const received = (setting.options.messages ?? []).filter(
      (message) => message.stage === setting.stage && message.afterTurn === run.turns,
    );
    results.push(...received.map(({ text }) => ({ type: 'text' as const, text })));
    messages.push({ role: 'user', content: results });
  }
  return run;
}

async function answerCall(setting: StageSetting, run: StageRun, block: ToolUseBlock): Promise<string> {
  const { stage, folder, dataset } = setting;
  const code = String(block.input.code ?? '');
  run.calls.push({ name: block.name, title: String(block.input.title ?? ''), code });
  if (block.name === 'finish') run.summary = String(block.input.summary);
  if (block.name === 'ask_user') {
    run.asked.push(String(block.input.question));
    const answer = setting.answers.shift();
    if (answer !== undefined) return answer;
    run.summary = 'asked';
  }
  if (block.name === 'change_decision') return setting.ledger.change(stage, block.input);
  if (block.name === 'read_file' || block.name === 'query_sql') return readWith(setting, block);
  if (block.name !== 'execute_code') return 'ok';
  const runs = run.calls.filter((call) => call.name === 'execute_code').length;
  const { sabotage, shortTraining = false, draw } = setting.options;
  const changed = sabotage?.(code, stage, runs) ?? code;
  const used = shortTraining ? withShortTraining(changed) : changed;
  const env = { TEMPERA_WORKSPACE: folder, TEMPERA_DATASET: dataset, TEMPERA_STAGE: stage };
  mkdirSync(join(folder, stage, 'scripts'), { recursive: true });
  writeFileSync(join(folder, stage, 'scripts', `step_${String(runs).padStart(2, '0')}.py`), used);
  writeFileSync(join(folder, DECISIONS_FILE), setting.ledger.file());
  const result = await setting.runner.run(used, folder, { env, draw });
  run.seconds += result.seconds;
  const text = `exit: ${result.exit}\nstdout:\n${result.stdout}${result.stderr ? `\nstderr:\n${result.stderr}` : ''}`;
  run.results.push(text);
  return text;
}

/** What a reading tool gives, as the platform hands it on; a refusal is told in its place. */
async function readWith(
  { runner, folder, dataset }: StageSetting,
  { name, input }: ToolUseBlock,
): Promise<string> {
  const literal = (value: unknown) => JSON.stringify(JSON.stringify(value));
  const code = `import json
from pathlib import Path
from tempera_sandbox.tools import Context, run_tool
context = Context(Path(json.loads(${literal(folder)})), Path(json.loads(${literal(dataset)})))
found = run_tool(json.loads(${literal(name)}), json.loads(${literal(input)}), context)
print(found['text'] if isinstance(found.get('text'), str) else json.dumps(found))`;
  const { exit, stdout, stderr } = await runner.run(code, folder);
  return exit === 'ok' ? stdout : stderr;
}

/** With two candidates, and at most two repeats of the cross-validation. */
const withShortTraining = (code: string): string =>
  code
    .replace(/^( {4}"candidates": )\[[^\]]*\]/m, '$1["dummy", "linear"]')
    .replace(
      /^( {4}"repeats": )\d+/m,
      (_line, name: string) => `${name}${code.includes('"chosen": ') ? 2 : 1}`,
    );
