/** The words and marks of a text. */

export interface Token {
  /** A word in lower case, or a mark that joins. */
  word: string;
  /** Where it stands in the text. */
  from: number;
  to: number;
}

const TOKEN = /[\p{L}\p{N}]+|[,&+/:;]/gu;

/** The words and joining marks of `text`; "don't" is one word. */
export function tokensOf(text: string): Token[] {
  const plain = text.toLowerCase().replace(/n['’]t\b/g, 'nt ');
  return [...plain.matchAll(TOKEN)].map((found) => ({
    word: found[0],
    from: found.index,
    to: found.index + found[0].length,
  }));
}
