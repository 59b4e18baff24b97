/** A question or a request for approval of the agent, put to the person at the terminal, and their answer sent. */

import { randomUUID } from 'node:crypto';
import { EVENT_SCHEMAS } from '../../core/events.ts';
import type { ApiClient } from '../api-client.ts';
import type { CommandContext } from '../command.ts';
import type { ReadEvent } from '../event-reader.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { Anything } from '../records.ts';

/** What the agent asks, how it is answered from the command line and over REST. */
interface Asked {
  id: string;
  kind: 'question' | 'approval';
  choices: string[];
}

/** What an event asks of a person, or null. */
export function askedBy(event: ReadEvent): Asked | null {
  const question = event.type === 'question' ? EVENT_SCHEMAS.question.safeParse(event.data) : null;
  if (question?.success) return { id: question.data.id, kind: 'question', choices: question.data.choices };
  const approval = event.type === 'approval' ? EVENT_SCHEMAS.approval.safeParse(event.data) : null;
  return approval?.success ? { id: approval.data.id, kind: 'approval', choices: [] } : null;
}

/**
 * Asks at the terminal and sends the answer. Where nobody sits there, or they leave it by ^C, the command ends and
 * says how to answer later: the agent waits.
 * @throws CommandError QUESTION
 */
export async function answerInPlace(
  { terminal, output }: Pick<CommandContext, 'terminal' | 'output'>,
  api: Pick<ApiClient, 'request'>,
  { session, asked }: { session: string; asked: Asked },
): Promise<void> {
  if (terminal.ask === null) throw unanswered(session, asked);
  for (const line of choiceLines(asked)) terminal.err(line);
  for (;;) {
    const typed = await terminal.ask(promptOf(asked));
    if (typed === null) throw unanswered(session, asked);
    const json = answerOf(asked, typed.trim());
    if (json === null) {
      output.say(asked.kind === 'approval' ? '  Type y or n.' : '  Type an answer, or leave by ^C.');
      continue;
    }
    await send(api, { session, asked }, json).catch((error: unknown) => {
      // answered from elsewhere meanwhile: the first answer counts and the agent goes on
      if (!(error instanceof CommandError) || error.exitCode !== EXIT.refused) throw error;
      output.say(`  ${error.message}`);
    });
    return;
  }
}

function choiceLines({ choices }: Asked): string[] {
  return choices.map((choice, at) => `    ${at + 1}  ${choice}\n`);
}

function promptOf({ kind, choices }: Asked): string {
  if (kind === 'approval') return '  Approve? y or n (empty: n, ^C: later) ';
  if (choices.length === 0) return '  Your answer (^C: later) ';
  return `  Number or your own words (empty: 1, ^C: later) `;
}

/**
 * The body to send, or null when what was typed is no answer. The first choice is the default; approval has to be
 * given.
 */
export function answerOf({ kind, choices }: Asked, typed: string): Record<string, unknown> | null {
  if (kind === 'approval') {
    if (/^(y|yes)$/i.test(typed)) return { approved: true };
    return /^(|n|no)$/i.test(typed) ? { approved: false } : null;
  }
  const [first] = choices;
  if (typed === '') return first === undefined ? null : { text: first };
  const chosen = /^\d+$/.test(typed) ? choices[Number(typed) - 1] : undefined;
  return { text: chosen ?? typed };
}

async function send(
  api: Pick<ApiClient, 'request'>,
  { session, asked: { kind, id } }: { session: string; asked: Asked },
  json: Record<string, unknown>,
): Promise<void> {
  const path = kind === 'question' ? 'answers' : 'approvals';
  await api.request(Anything, `/api/sessions/${session}/${path}/${encodeURIComponent(id)}`, {
    json,
    idempotencyKey: randomUUID(),
  });
}

function unanswered(session: string, { kind, id }: Asked): CommandError {
  const command =
    kind === 'question'
      ? `npm start -- sessions answer ${session} ${id} "..."`
      : `npm start -- sessions approve ${session} ${id} yes`;
  const asks = kind === 'question' ? 'asks a question' : 'asks for an approval';
  const message =
    `The agent ${asks} and waits (above). With the platform running (npm start -- start), ` +
    `answer it with: ${command} and see it go on with: npm start -- follow ${session}`;
  return new CommandError(EXIT.failed, message, {
    code: 'QUESTION',
    details: { session_id: session, [`${kind}_id`]: id },
  });
}
