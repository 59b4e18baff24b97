/**
 * What a person may write at most, in forms that are dear to read for whoever reads carelessly; and a very wide
 * table.
 */

const CHARACTERS = 16_000;
const filled = (piece: string): string =>
  piece.repeat(Math.ceil(CHARACTERS / piece.length)).slice(0, CHARACTERS);

/** Names that all begin with one word, as those of sensors do. */
export const wideTable = (columns: number): string[] =>
  Array.from({ length: columns }, (_, at) => `sensor_${at}_mean`);

/** Messages of the greatest length, by what they repeat. */
export const HOSTILE_WORDS: Readonly<Record<string, string>> = {
  prose: filled('The table was made in spring and some of it may be wrong, as far as I know. '),
  'one long list': `leave out ${filled('sensor_17_mean, sensor_4711_mean and ')}`.slice(0, CHARACTERS),
  'half of a name': filled('sensor_'),
  'a name in pieces': filled('sensor , 17 '),
  'orders without end': filled('use sensor_1_mean, then drop sensor_2_mean and '),
  'then then': filled('then '),
  'then use': filled('then use '),
  'also also': `, ${filled('also ')}`,
  keep: filled('keep '),
  'keep all': filled('keep all '),
  leave: filled('leave '),
  used: filled('used '),
  'not used': `sensor_ ${filled('not used ')}`.slice(0, CHARACTERS),
  predict: filled('predict the '),
  before: filled('before '),
  'check before': filled('check confirm '),
  'ask me': filled('ask me about the metric. '),
  please: filled('please '),
  commas: filled(', '),
  spaces: `a${' '.repeat(CHARACTERS - 2)}b`,
  'no spaces': 'a'.repeat(CHARACTERS),
  marks: filled('.;!? '),
  'and and': filled('and '),
  lines: filled('drop it\n'),
  'how many': filled('how many rows have sensor_17_mean over 3 and '),
};
