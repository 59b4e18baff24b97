/** What changed between two scripts, line by line, with the unchanged middle of long ones folded. */

import { diffLines } from 'diff';

export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'folded';
  text: string;
  /** line number in the older and the newer script; null where it is not in one */
  before: number | null;
  after: number | null;
}

export interface LineDiff {
  lines: DiffLine[];
  added: number;
  removed: number;
}

/** @param context unchanged lines kept around a change */
export function lineDiff(before: string, after: string, context = 3): LineDiff {
  const lines: DiffLine[] = [];
  let old = 0;
  let young = 0;
  for (const change of diffLines(before, after, { timeout: 500 }) ?? [
    { value: after, added: true, removed: false },
  ]) {
    const kind = change.added ? 'added' : change.removed ? 'removed' : 'same';
    for (const text of change.value.replace(/\n$/, '').split('\n')) {
      const inOld = kind !== 'added';
      const inYoung = kind !== 'removed';
      lines.push({ kind, text, before: inOld ? ++old : null, after: inYoung ? ++young : null });
    }
  }
  const count = (kind: string): number => lines.filter((line) => line.kind === kind).length;
  return { lines: fold(lines, context), added: count('added'), removed: count('removed') };
}

function fold(lines: readonly DiffLine[], context: number): DiffLine[] {
  const near = new Set<number>();
  lines.forEach((line, place) => {
    if (line.kind === 'same') return;
    for (let each = place - context; each <= place + context; each++) near.add(each);
  });
  const out: DiffLine[] = [];
  lines.forEach((line, place) => {
    if (near.has(place)) out.push(line);
    else if (out.at(-1)?.kind !== 'folded') out.push({ ...line, kind: 'folded', text: '' });
  });
  return out;
}
