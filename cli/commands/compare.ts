/** Sessions side by side: in what they differ, whose scores compare, and by how much fold by fold. */

import { differenceWords, STANDING_WORDS, UNPAIRED_WORDS } from '../../core/comparison-words.ts';
import { type Command, text } from '../command.ts';
import { tableOf } from '../output.ts';
import { Compared } from '../records.ts';

type Session = Compared['items'][number];

/** As many as the api compares. */
const MOST = 1_000;

export const compare: Command = {
  name: 'compare',
  usage: 'ID ID… [--reference ID]',
  summary:
    'Shows in which decisions sessions differ, which of their scores compare, and how much they differ fold by fold.',
  options: { reference: { type: 'string' } },
  arguments: [2, MOST],
  async run({ api, output, terminal }, ids, values) {
    const against = text(values, 'reference');
    const query = new URLSearchParams({ sessions: ids.join(',') });
    if (against !== undefined) query.set('reference', against);
    const compared = await (await api()).request(Compared, `/api/compare?${query}`);
    output.result(compared, comparedText(compared, terminal.columns));
    return undefined;
  },
};

/** The sessions by their place, the decisions in which they differ, and the differences fold by fold. */
export function comparedText(compared: Compared, columns: number): string {
  const { items, differing, more_differing: more } = compared;
  const decisions = differing.map(({ key }) => decisionRow(key, items));
  const parts = [
    tableOf(items.map(sessionRow), columns),
    decisions.length === 0 ? 'They differ in no decision.\n' : tableOf(decisions, columns),
    ...(more > 0 ? [`${more} more decisions differ.\n`] : []),
    ...foldLines(compared),
  ];
  return parts.join('\n');
}

function sessionRow({ id, name, title, state, score }: Session, at: number): Record<string, string> {
  const notes = score === null ? ['no score'] : [score.best ? 'best' : '', STANDING_WORDS[score.standing]];
  return {
    ...{ '#': String(at + 1), id, experiment: name, session: title, state: state.replaceAll('_', ' ') },
    score: score === null ? '' : `${score.metric} ${figure(score.value)}${spreadOf(score.spread)}`,
    note: notes.filter((note) => note !== '').join(', '),
  };
}

const spreadOf = (spread: number | null): string => (spread === null ? '' : ` ± ${figure(spread)}`);

/** What holds in each session; a dash where it is not settled yet. */
function decisionRow(key: string, sessions: readonly Session[]): Record<string, string> {
  const cells = sessions.map(({ decisions }, at): [string, string] => {
    const settled = Object.hasOwn(decisions, key) ? decisions[key] : null;
    return [String(at + 1), settled ? shown(settled) : '–'];
  });
  return { decision: key, ...Object.fromEntries(cells.map(([place, cell]) => [`in ${place}`, cell])) };
}

function shown({ value, by }: { value: unknown; by: string | null }): string {
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return by === null ? words : `${words} (${by})`;
}

function foldLines({ items, reference }: Compared): string[] {
  const others = items.flatMap((session, at) => (session.id === reference ? [] : [{ session, at }]));
  const place = items.findIndex(({ id }) => id === reference) + 1;
  const lines = others.flatMap(({ session, at }) => foldLine(session, at + 1) ?? []);
  return place === 0 || lines.length === 0
    ? []
    : [`Fold by fold, compared with ${place} (95 % intervals):\n${lines.join('')}`];
}

function foldLine({ difference, unpaired }: Session, place: number): string | null {
  if (difference !== null) {
    const { metric, mean, low, high } = difference;
    const range = `${signed(mean)} (${signed(low)} to ${signed(high)})`;
    return `  ${place}  ${metric} ${range}: ${differenceWords(difference)}\n`;
  }
  return unpaired === null ? null : `  ${place}  ${UNPAIRED_WORDS[unpaired]}\n`;
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));
const signed = (value: number): string => (value > 0 ? `+${figure(value)}` : figure(value));
