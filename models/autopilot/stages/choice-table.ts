/** A question's choices as a table: what comes of each, the recommended one first with its reason. */

/** One choice and what it means. */
export interface Consequence {
  /** The choice's label. */
  choice: string;
  /** What comes of it; a clause without a full stop. */
  means: string;
}

/** Rows of the table; the other choices stand beside it. */
const MOST_ROWS = 12;
/** Characters of one cell. */
const LONGEST_CELL = 90;

/** Markdown, with an empty line around it; empty where there is nothing to tell. */
export function choiceTable(consequences: readonly Consequence[], recommended: string): string {
  const first = consequences.filter(({ choice }) => choice === recommended);
  const others = consequences.filter(({ choice }) => choice !== recommended);
  const rows = [...first, ...others].slice(0, MOST_ROWS).map(({ choice, means }) => {
    const mark = choice === recommended ? ' (recommended)' : '';
    return `| ${cell(choice)}${mark} | ${cell(means)} |`;
  });
  return rows.length === 0 ? '' : `\n\n| choice | what it means |\n| --- | --- |\n${rows.join('\n')}\n\n`;
}

/** The choices with the recommended one first. */
export function recommendedFirst(choices: readonly string[], recommended: string): string[] {
  return [recommended, ...choices.filter((choice) => choice !== recommended)].filter((choice) =>
    choices.includes(choice),
  );
}

/** One line, without what would end the cell. */
function cell(text: string): string {
  const plain = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  return plain.length > LONGEST_CELL ? `${plain.slice(0, LONGEST_CELL - 1)}…` : plain;
}
