/** What an agent is told whose call gives the same result again and again: the platform's own words, and no data. */

/** From this time on the agent is told. */
export const WARNED_FROM = 3;

/** Added to a result that repeats; '' for one that does not yet. */
export function warningFor(times: number): string {
  if (times < WARNED_FROM) return '';
  return (
    `\n\nFrom the platform: this call has now given this same result ${times} times. It will ` +
    'not change by being made again. Do something else: look at what the result says, change ' +
    'the input, or ask the person.'
  );
}

const WARNING = new RegExp(
  `${warningFor(WARNED_FROM).replaceAll('.', '\\.').replace(String(WARNED_FROM), '\\d{1,4}')}$`,
);

/** A result and the warning at its end; '' where there is none. */
export function withoutWarning(content: string): { given: string; warning: string } {
  const warning = WARNING.exec(content)?.[0] ?? '';
  return { given: content.slice(0, content.length - warning.length), warning };
}
