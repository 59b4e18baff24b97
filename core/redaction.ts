/**
 * What may be kept or logged of a value that came from outside: secrets taken out, by the name under which they stand
 * and by their form, and large values cut. The one function of the audit and of every log.
 */

/** Characters of a text that are shown. */
const LONGEST_TEXT = 200;
/** Of a log's, which may hold a stack. */
const LONGEST_LOGGED = 4_000;
const MOST_ITEMS = 20;
const DEEPEST = 4;

const REDACTED = '[redacted]';
const SECRET_NAME = new RegExp(
  'pass(word|phrase|wd)|secret|token$|^token|credential|authorization|cookie|seal' +
    '|(api|private|access)[-_]?key',
  'i',
);
/** Counts of tokens are no secrets. */
const COUNT_NAME = /^(max_?)?tokens|tokens?_(day|month|used)$/i;

/** Forms of keys, with what stays of them. */
const SECRET_FORMS: readonly [RegExp, string][] = [
  [/\b(postgres(?:ql)?|https?|s3|hive2?|rediss?):\/\/[^\s/@:]*:[^\s/@]*@/gi, `$1://${REDACTED}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\bsk-[\w-]{8,}/g, REDACTED],
  [/\b(?:ak|as)-[A-Za-z0-9]{16,}/g, REDACTED],
  [/\bAKIA[A-Z0-9]{16}\b/g, REDACTED],
  [/\btmp(?:era)?_[A-Za-z0-9_-]{16,}/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, REDACTED],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
];

/** The value without secrets, and no larger than a person reads. What is no plain data is named by its kind. */
export function redacted(value: unknown, longestText = LONGEST_TEXT): unknown {
  return redactedAt(value, { depth: 0, longestText });
}

interface Place {
  depth: number;
  longestText: number;
}

function redactedAt(value: unknown, place: Place): unknown {
  if (typeof value === 'string') return redactedText(value, place.longestText);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'bigint' || typeof value === 'function' ? String(typeof value) : value;
  }
  if (value instanceof Error) return redactedError(value, place);
  if (value instanceof Date) return value.toJSON();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (place.depth >= DEEPEST) return '[…]';
  if (Array.isArray(value)) return redactedItems(value, below(place));
  if (!isPlain(value)) return `[${value.constructor?.name ?? 'object'}]`;
  return redactedFields(Object.entries(value), below(place));
}

const below = (place: Place): Place => ({ ...place, depth: place.depth + 1 });

/** The text without what has the form of a secret, cut to what a person reads. */
export function redactedText(text: string, most = LONGEST_TEXT): string {
  // beyond this nothing is shown, and no form needs more to be known
  let shown = text.slice(0, 4 * most);
  for (const [form, instead] of SECRET_FORMS) shown = shown.replace(form, instead);
  return shown.length > most || text.length > 4 * most
    ? `${shown.slice(0, most)}… (${text.length} characters)`
    : shown;
}

/** An event of a log as a line of JSON. */
export const logLine = (event: object): string => JSON.stringify(redactedEvent(event));

/** An event of a log: longer texts than elsewhere, for they hold where something failed. */
export const redactedEvent = (event: object): Record<string, unknown> => ({
  ...Object(redacted(event, LONGEST_LOGGED)),
});

function redactedItems(items: unknown[], place: Place): unknown[] {
  const shown = items.slice(0, MOST_ITEMS).map((item) => redactedAt(item, place));
  return items.length > MOST_ITEMS ? [...shown, `… (${items.length} items)`] : shown;
}

function redactedFields(fields: [string, unknown][], place: Place): Record<string, unknown> {
  const shown = fields.slice(0, 2 * MOST_ITEMS).map(([name, value]) => {
    const secret = SECRET_NAME.test(name) && !COUNT_NAME.test(name) && value !== null && value !== undefined;
    return [redactedText(name, 100), secret ? REDACTED : redactedAt(value, place)];
  });
  if (fields.length > 2 * MOST_ITEMS) shown.push(['…', `${fields.length} fields`]);
  return Object.fromEntries(shown);
}

function redactedError(error: Error, place: Place): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return {
    ...redactedFields(Object.entries(error), below(place)),
    type: name,
    message: redactedText(message, 1_000),
    ...(stack === undefined ? {} : { stack: redactedText(stack, 4_000) }),
    ...(cause === undefined || place.depth >= DEEPEST ? {} : { cause: redactedAt(cause, below(place)) }),
  };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
