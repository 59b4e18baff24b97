/** The words and phrases of a list that is written one a line. */
export function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** One of them, as a pattern: the longer ones are tried first, and a star at the end stands for any ending. */
export function oneOf(words: readonly string[]): string {
  const longestFirst = [...words].sort((one, other) => other.length - one.length);
  return `(?:${longestFirst.map(patternOf).join('|')})`;
}

function patternOf(word: string): string {
  const plain = word.replace(/\*$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return word.endsWith('*') ? `${plain}\\w*` : plain;
}

/** A whole word that is one of them, anywhere in a text. */
export function anyOf(words: readonly string[], flags = ''): RegExp {
  return new RegExp(`\\b${oneOf(words)}\\b`, flags);
}
