/**
 * Makes a conversation that a model's context no longer holds fit it: first results of tools are shortened, the oldest
 * first, then the oldest exchanges are told in a summary. Pure, and of the messages alone, after what may be shared of
 * them has been decided (data-sharing.ts): the same fit gives the same messages, so that a repeated call asks the same.
 *
 * An exchange is an answer of the model and what its tools gave. What opened the conversation and all that people said
 * is kept as it is whatever the fit, the last exchanges while that is possible. Exchanges are counted from the
 * first, which a longer conversation
 * does not change: what was fitted once stays the same, and the provider's prompt cache with it.
 */

import type { AssistantBlock, ModelMessage, ToolResultBlock, UserBlock } from './ports/model.ts';

export interface ContextFit {
  /** Exchanges, counted from the first, that the summary stands for. */
  summarised: number;
  /** Exchanges, counted from the first, whose results are shortened. */
  shortened: number;
  /** Characters that such a result keeps. */
  characters: number;
}

export const NO_FIT: ContextFit = { summarised: 0, shortened: 0, characters: 0 };

/** Exchanges at the end that are left as they are while that is possible. */
const RECENT = 2;
/** A fit aims below the length that is allowed: characters are not tokens. */
const AIM = 0.9;

/** The messages of a conversation under `fit`. */
export function fitConversation(messages: readonly ModelMessage[], fit: ContextFit): ModelMessage[] {
  const firsts = messages.flatMap(({ role }, at) => (role === 'assistant' ? [at] : []));
  const cut = firsts[fit.summarised] ?? messages.length;
  const shortenedUntil = firsts[fit.shortened] ?? messages.length;
  const shortened = messages.map((message, at) =>
    message.role === 'user' && at <= shortenedUntil
      ? withShortResults(message.content, fit.characters)
      : message,
  );
  if (fit.summarised === 0) return shortened;
  return [{ role: 'user', content: summaryOf(messages.slice(0, cut)) }, ...shortened.slice(cut)];
}

/**
 * The next fit for a conversation that is `excess` times too long (absent: nobody knows how much); null when nothing
 * that may go is left.
 */
export function nextFit(
  messages: readonly ModelMessage[],
  fit: ContextFit,
  excess?: number,
): ContextFit | null {
  const exchanges = messages.filter(({ role }) => role === 'assistant').length;
  const now = lengthUnder(messages, fit);
  const aim = excess === undefined || excess <= 1 ? now - 1 : (now / excess) * AIM;
  const smaller = stepsFor(exchanges, fit).filter((step) => lengthUnder(messages, step) < now);
  return smaller.find((step) => lengthUnder(messages, step) <= aim) ?? smaller.at(-1) ?? null;
}

/** From the least that is lost to the most; none loosens what was fitted before. */
function stepsFor(exchanges: number, { summarised }: ContextFit): ContextFit[] {
  const older = Math.max(0, exchanges - RECENT);
  const all = Math.max(0, exchanges);
  const last = Math.max(0, exchanges - 1);
  return [
    { summarised, shortened: older, characters: 1_000 },
    { summarised, shortened: all, characters: 500 },
    { summarised: Math.max(summarised, older), shortened: all, characters: 500 },
    { summarised: Math.max(summarised, last), shortened: all, characters: 500 },
  ];
}

const lengthUnder = (messages: readonly ModelMessage[], fit: ContextFit): number =>
  JSON.stringify(fitConversation(messages, fit)).length;

function withShortResults(content: readonly UserBlock[], characters: number): ModelMessage {
  return {
    role: 'user',
    content: content.map((block) =>
      block.type === 'tool_result' ? { ...block, content: short(block.content, characters) } : block,
    ),
  };
}

/** Head and tail of a result that is long, with the way to all of it. */
function short(text: string, characters: number): string {
  if (text.length <= characters + 200) return text;
  const half = Math.floor(characters / 2);
  const left = text.length - 2 * half;
  return (
    `${text.slice(0, half)}\n… ${left} characters were left out, so that the conversation ` +
    `fits the model: read what you need again …\n${text.slice(-half)}`
  );
}

const SUMMARY = `# What was done before
The conversation had grown too long for the model. This stands for its beginning; all files are as they were left.`;

/** The opening, what people said, and between that what the model did, told in little. */
function summaryOf(messages: readonly ModelMessage[]): UserBlock[] {
  const calls = new Map<string, string>();
  const summary: UserBlock[] = [];
  let begun = false;
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0)
      summary.push({ type: 'text', text: [...(begun ? [] : [SUMMARY]), ...lines].join('\n') });
    begun ||= lines.length > 0;
    lines = [];
  };
  for (const { role, content } of messages) {
    if (role === 'assistant') lines.push(...content.flatMap((block) => tellAnswer(block, calls)));
    else
      for (const block of content) {
        if (block.type === 'tool_result') lines.push(tellResult(block, calls));
        else {
          flush();
          summary.push(block);
        }
      }
  }
  flush();
  return summary;
}

function tellAnswer(block: AssistantBlock, calls: Map<string, string>): string[] {
  if (block.type === 'text') return [`You said: ${inLine(block.text, 300)}`];
  if (block.type !== 'tool_use') return [];
  const { title, path, sql, summary, question } = block.input;
  const subject = [title, path, sql, summary, question].find(
    (each) => typeof each === 'string' && each !== '',
  );
  calls.set(block.id, typeof subject === 'string' ? `${block.name} “${inLine(subject, 120)}”` : block.name);
  return [];
}

function tellResult({ tool_use_id, content, is_error }: ToolResultBlock, calls: Map<string, string>): string {
  return `- ${calls.get(tool_use_id) ?? 'a call'} ${is_error ? 'failed' : 'gave'}: ${inLine(content, 200)}`;
}

function inLine(text: string, characters: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > characters ? `${line.slice(0, characters)} …` : line;
}
