/** An explained column for people. */

import type { Explanation, ShownMass, ShownSignal, ShownTerm } from '../../core/classification/answers.ts';
import { printable } from '../output.ts';

export function classifyText(explanation: Explanation): string {
  const parts = [
    headText(explanation),
    explanation.sources.map(sourceText).join(''),
    signalsText('Attached patterns', explanation.patterns),
    signalsText('Attached lists', explanation.value_lists),
    containsText(explanation),
    conflictsText(explanation),
    findingsText(explanation),
  ];
  return printable(parts.filter((part) => part !== '').join('\n'));
}

function headText(explanation: Explanation): string {
  const { column, vocabulary, prediction, cautious, belief, plausibility, gap, probability } = explanation;
  const place = column.table === null ? '' : ` of ${column.table}`;
  const is = prediction === null ? 'not known' : termText(prediction);
  const sure = cautious === null ? 'no term' : `${cautious.label} (${cautious.code})`;
  const figures = [
    `belief ${shown(belief)}`,
    `plausibility ${shown(plausibility)}`,
    `gap ${shown(gap)}`,
    `probability ${shown(probability)}`,
  ];
  const review = explanation.needs_review
    ? `A person should look at it. ${explanation.review_reasons.join(' ')}`
    : 'No person need look at it.';
  return `${column.name}${place}: ${is}
  ${figures.join(', ')}
  believed enough: ${sure}
  ${review}
  ${column.values} distinct values against ${vocabulary.leaves} terms (vocabulary: ${vocabulary.name})
`;
}

const termText = ({ label, code, path, sensitivity }: ShownTerm): string =>
  `${label} (${code}), ${path.join(' > ')}${sensitivity === null ? '' : `, ${sensitivity}`}`;

function sourceText({ source, masses, reasons }: Explanation['sources'][number]): string {
  return `${source}: ${masses.map(massText).join(', ')}\n${reasons.map((reason) => `  ${reason}\n`).join('')}`;
}

const massText = ({ label, mass }: ShownMass): string => `${label} ${shown(mass)}`;

function signalsText(title: string, signals: readonly ShownSignal[]): string {
  const lines = signals.flatMap(({ title: what, attached }) =>
    attached.map(({ code, reason }) => `  ${what} to ${code}: ${reason}\n`),
  );
  return lines.length > 0 ? `${title}\n${lines.join('')}` : '';
}

function containsText({ contains, column }: Explanation): string {
  const lines = contains.map(({ title, values }) => `  ${title} in ${values} of ${column.values}\n`);
  return lines.length > 0 ? `Its values contain\n${lines.join('')}` : '';
}

function conflictsText({ conflicts }: Explanation): string {
  const lines = conflicts.flatMap(({ between, conflict }) =>
    conflict > 0 ? [`  ${between.join(' and ')}: ${shown(conflict)}\n`] : [],
  );
  return lines.length > 0
    ? `Sources that contradict each other\n${lines.join('')}`
    : 'No source contradicts another.\n';
}

function findingsText({ vocabulary }: Explanation): string {
  const lines = vocabulary.findings.map((finding) => `  ${finding}\n`);
  return lines.length > 0 ? `Findings in the vocabulary\n${lines.join('')}` : '';
}

const shown = (share: number): string => share.toFixed(2);
