/** `tempera sessions …`: what there is, and commands to one session. */

import { randomUUID } from 'node:crypto';
import { isId } from '../../core/ids.ts';
import { inWords } from '../../core/issue-words.ts';
import { LimitsSchema } from '../../core/limits.ts';
import type { Session as SessionRecord } from '../../core/records.ts';
import { isAtRest } from '../../core/session-rules.ts';
import { SESSION_STATES } from '../../core/session-state.ts';
import { isStage, STAGES } from '../../core/stages.ts';
import { type Command, text } from '../command.ts';
import { usageError } from '../exit-code.ts';
import { Anything, Session, Sessions, Steps, Usage } from '../records.ts';
import { oneOf, timeoutSeconds, wholeNumber } from './option-values.ts';
import { assertNotPaused, sessionExitCode, waitForSession } from './session-run.ts';

/** Sessions that the API lists at once. */
const MOST_LISTED = 200;

const list: Command = {
  name: 'sessions list',
  usage: '[--state STATE] [--limit N]',
  summary: 'Lists sessions, newest first.',
  options: { state: { type: 'string' }, limit: { type: 'string' } },
  arguments: [0, 0],
  async run({ api, output }, _, values) {
    const limit = wholeNumber(values, 'limit', { least: 1, otherwise: 50, most: MOST_LISTED });
    const query = new URLSearchParams({ limit: String(limit) });
    const state = oneOf(values, 'state', SESSION_STATES);
    if (state !== undefined) query.set('state', state);
    const { items } = await (await api()).request(Sessions, `/api/sessions?${query}`);
    const rows = items.map(({ id, state, waiting, mode, model, created_at }) => ({
      ...{ id, state, waits_for: waitText(waiting), mode, model, created_at },
    }));
    output.result(output.format === 'table' ? rows : { sessions: items });
    return undefined;
  },
};

/** What a session waits for, in a few words; empty when for nothing. */
export function waitText(waiting: SessionRecord['waiting']): string {
  if (waiting === null) return '';
  const { reason, subject, until, tries } = waiting;
  if (reason === 'stopped') return 'resume';
  if (reason === 'loop') return 'a word on what repeats';
  const about = (reason === 'limit' || reason === 'provider') && subject ? ` (${subject})` : '';
  if (until === undefined) return `${reason}${about}`;
  return `${reason}${about}${tries === undefined ? ` until ${until}` : `, next try ${until}`}`;
}

const show: Command = {
  name: 'sessions show',
  usage: 'ID',
  summary: 'Shows one session with its usage.',
  arguments: [1, 1],
  async run({ api, output }, [id = '']) {
    const client = await api();
    const session = await client.request(Session, `/api/sessions/${id}`);
    const usage = await client.request(Usage, `/api/sessions/${id}/usage`);
    output.result({ ...session, usage });
    return undefined;
  },
};

const wait: Command = {
  name: 'sessions wait',
  usage: 'ID [--timeout SECONDS]',
  summary:
    'Waits until a session is at rest; exit code 1 when it failed, was cancelled or stands still until it is resumed.',
  options: { timeout: { type: 'string' } },
  arguments: [1, 1],
  async run(context, [id = ''], values) {
    const seconds = timeoutSeconds(values);
    const client = await context.api();
    const now = await client.request(Session, `/api/sessions/${id}`);
    assertNotPaused(now);
    if (now.waiting?.reason === 'question' || now.waiting?.reason === 'approval')
      context.output.say(`The agent waits for an answer; see it with: npm start -- follow ${id}`);
    const rest = { id, after: 0, show: () => undefined, timeoutSeconds: seconds };
    const session = isAtRest(now) ? now : await waitForSession(context, client, rest);
    context.output.result({ id, state: session.state, failed_stage: session.failed_stage });
    return sessionExitCode(session);
  },
};

interface PostCommand {
  name: string;
  /** What follows the session's id, as the usage shows it. */
  usage?: string;
  summary: string;
  /** How many arguments there are, with the id. */
  count: number;
  request: (rest: string[]) => { path: string; json: Record<string, unknown> };
}

/** A command whose whole work is one POST. */
function post({ name, usage = '', summary, count, request }: PostCommand): Command {
  return {
    name: `sessions ${name}`,
    usage: `ID${usage}`,
    summary,
    arguments: [count, count],
    async run({ api, output }, [id = '', ...rest]) {
      const { path, json } = request(rest);
      const client = await api();
      output.result(
        await client.request(Anything, `/api/sessions/${id}/${path}`, { json, idempotencyKey: randomUUID() }),
      );
      return undefined;
    },
  };
}

const start = post({
  name: 'start',
  usage: ' STAGE',
  summary: 'Starts a stage: eda, prep or train.',
  count: 2,
  request: ([stage = '']) => {
    if (!isStage(stage)) throw usageError(`There is no stage ${stage}; there are eda, prep and train.`);
    return { path: `stages/${stage}/start`, json: {} };
  },
});
const cancel = post({
  name: 'cancel',
  summary: 'Cancels a session; what it has made is kept.',
  count: 1,
  request: () => ({ path: 'cancel', json: {} }),
});
const resume: Command = {
  name: 'sessions resume',
  usage: 'ID [--model PROVIDER/MODEL]',
  summary:
    'Goes on after a limit or a stop, tries a model provider at once, lets an agent go on ' +
    'that repeats itself; with --model by another model.',
  options: { model: { type: 'string' } },
  arguments: [1, 1],
  async run({ api, output }, [id = ''], values) {
    const model = text(values, 'model');
    const json = model === undefined ? {} : { model };
    const path = `/api/sessions/${id}/resume`;
    output.result(await (await api()).request(Anything, path, { json, idempotencyKey: randomUUID() }));
    return undefined;
  },
};
const stop = post({
  name: 'stop',
  summary: 'Stops after the present step.',
  count: 1,
  request: () => ({ path: 'stop-after-step', json: {} }),
});
const message = post({
  name: 'message',
  usage: ' TEXT',
  summary: 'Says something to the agent.',
  count: 2,
  request: ([words]) => ({ path: 'messages', json: { text: words } }),
});
const answer = post({
  name: 'answer',
  usage: ' QUESTION TEXT',
  summary: 'Answers a question of the agent.',
  count: 3,
  request: ([question = '', words]) => ({
    path: `answers/${encodeURIComponent(question)}`,
    json: { text: words },
  }),
});

const fork = post({
  name: 'fork',
  usage: ' STEP',
  summary: 'Makes a new session of what this one had up to a step; resume lets it go on.',
  count: 2,
  request: ([step = '']) => {
    if (!isId(step))
      throw usageError(`'${step}' is not the id of a step. List them with: npm start -- sessions steps ID`);
    return { path: 'fork', json: { step } };
  },
});

const steps: Command = {
  name: 'sessions steps',
  usage: 'ID [--stage STAGE]',
  summary: 'Lists a session’s steps, oldest first.',
  options: { stage: { type: 'string' } },
  arguments: [1, 1],
  async run({ api, output }, [id = ''], values) {
    const stage = oneOf(values, 'stage', STAGES);
    const query = stage === undefined ? '' : `?stage=${stage}`;
    const { items } = await (await api()).request(Steps, `/api/sessions/${id}/steps${query}`);
    const rows = items.map(({ id, stage, run, turn, tool, kind, title, state }) => ({
      ...{ id, stage, run, turn, what: tool ?? kind, state, title },
    }));
    output.result(output.format === 'table' ? rows : { steps: items });
    return undefined;
  },
};

const LIMITS = ['turns', 'tokens', 'cost', 'time'] as const;

const limits: Command = {
  name: 'sessions limits',
  usage: 'ID [--turns N] [--tokens N] [--cost DOLLARS] [--time SECONDS]',
  summary: 'Sets limits of a session’s stages; those left out stay.',
  options: Object.fromEntries(LIMITS.map((name) => [name, { type: 'string' as const }])),
  arguments: [1, 1],
  async run({ api, output }, [id = ''], values) {
    const given = LIMITS.flatMap((name) => {
      const value = text(values, name);
      return value === undefined ? [] : [[name, limitOf(name, value)] as const];
    });
    if (given.length === 0) throw usageError(`Give one of ${LIMITS.map((name) => `--${name}`).join(', ')}.`);
    const json = Object.fromEntries(given);
    const path = `/api/sessions/${id}/limits`;
    output.result(await (await api()).request(Anything, path, { json, idempotencyKey: randomUUID() }));
    return undefined;
  },
};

function limitOf(name: (typeof LIMITS)[number], given: string): number {
  const parsed = LimitsSchema.shape[name]
    .unwrap()
    .safeParse(given.trim() === '' ? Number.NaN : Number(given), { error: inWords });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues[0]?.message.replace(/, not .*$/, '') ?? 'must be a number';
  throw usageError(`--${name} cannot be '${given}': it ${wrong}.`);
}

const approve: Command = {
  name: 'sessions approve',
  usage: 'ID APPROVAL DECISION [--note TEXT]',
  summary: 'Decides, by yes or no, what the agent asks to be approved.',
  options: { note: { type: 'string' } },
  arguments: [3, 3],
  async run({ api, output }, [id = '', approval = '', decision = ''], values) {
    if (decision !== 'yes' && decision !== 'no')
      throw usageError(`Decide with yes or no, not '${decision}'.`);
    const note = text(values, 'note');
    const json = { approved: decision === 'yes', ...(note !== undefined && { note }) };
    const path = `/api/sessions/${id}/approvals/${encodeURIComponent(approval)}`;
    output.result(await (await api()).request(Anything, path, { json, idempotencyKey: randomUUID() }));
    return undefined;
  },
};

export const sessionCommands: Command[] = [
  ...[list, show, wait, start, cancel, resume, stop],
  ...[message, answer, approve, steps, fork, limits],
];
