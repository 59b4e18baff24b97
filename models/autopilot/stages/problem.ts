/** How a script ended, in words for people: no traceback, no name of a class, none of a parameter. */

export interface Problem {
  /** What a repair can answer. */
  kind: 'encoding' | 'lines' | 'memory' | 'time' | 'other';
  /** One clause, without a full stop. */
  words: string;
}

/** Ends that a limit made: how the code took it says nothing, the host's sentence does. */
const LIMITS: Record<string, { kind: Problem['kind']; limit: string; words: string }> = {
  'exit: oom': { kind: 'memory', limit: 'MAX_MEMORY_BYTES', words: 'it ran out of memory' },
  'exit: timeout': { kind: 'time', limit: 'MAX_EXECUTION_SECONDS', words: 'it took too long' },
};

/** Kinds of exceptions, by what they mean for a table. */
const EXCEPTIONS: readonly [RegExp, Problem][] = [
  [
    /Unicode\w*Error|codec|decode/i,
    { kind: 'encoding', words: 'the file is not in the encoding I took it for' },
  ],
  [
    /ParserError|tokeniz|Expected \d+ fields/i,
    { kind: 'lines', words: 'some lines of the file have another number of fields' },
  ],
  [/MemoryError|bad_alloc/i, { kind: 'memory', words: 'it ran out of memory' }],
  [/No space left|quota exceeded/i, { kind: 'other', words: 'the session’s disk is full' }],
  [/ModuleNotFoundError|ImportError/, { kind: 'other', words: 'a package that it needs is not there' }],
  [/FileNotFoundError/, { kind: 'other', words: 'a file that it needs is not there' }],
  [/KeyError/, { kind: 'other', words: 'a column that it needs is not there' }],
  [/LinAlgError/, { kind: 'other', words: 'the numbers leave nothing to solve' }],
];

const UNKNOWN: Problem = {
  kind: 'other',
  words: 'the script ended with an error, which stands in its output',
};
const SILENT: Problem = { kind: 'other', words: 'the script left no result' };

/** Reads what a script left. */
export function problemOf(output: string): Problem {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const limit = LIMITS[lines[0] ?? ''];
  if (limit) {
    const [sentence = ''] = (lines[1] ?? '').split('. ');
    const words = sentence === '' ? limit.words : `${sentence.slice(0, 160)} (${limit.limit})`;
    return { kind: limit.kind, words };
  }
  const raised = lines.findLast((line) => /^[\w.]*(Error|Exception|Interrupt|Exit|Warning)\b/.test(line));
  if (raised === undefined) return /^exit: (?:ok|0)\b/.test(output) ? SILENT : UNKNOWN;
  const table = /^tempera\.tables\.\w*\.?(?:\w*Table|TableError|TooLarge)\w*: (.+)$/.exec(raised)?.[1];
  if (table) return { kind: 'other', words: table.replace(/\.$/, '').slice(0, 200) };
  const known = EXCEPTIONS.find(([words]) => words.test(raised));
  if (known) return known[1];
  const sentence = ownSentence(lines, raised);
  return sentence === null ? UNKNOWN : { kind: 'other', words: sentence };
}

/** What a playbook says itself when it gives up: the last line that ran is its own `raise`. */
function ownSentence(lines: readonly string[], raised: string): string | null {
  const frame = lines.findLastIndex((line) => /^\s+File "[^"]*", line \d+/.test(line));
  const isOwn = /scripts\/step_/.test(lines[frame] ?? '') && /^\s+raise\b/.test(lines[frame + 1] ?? '');
  const sentence = raised
    .slice(raised.indexOf(':') + 1)
    .trim()
    .replace(/\.$/, '');
  return isOwn && /\s/.test(sentence) && !/[{}]|Error\b/.test(sentence) ? sentence.slice(0, 200) : null;
}
