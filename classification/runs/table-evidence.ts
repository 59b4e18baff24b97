/** What each source says of every column of a table, as it is stored. */

import type { StoredEvidence, StoredSource } from '../../core/classification/stored-columns.ts';
import type { Classified, Classifier } from '../classifier.ts';
import { type Evidence, isEvidence, type Signal } from '../evidence.ts';
import type { TableToClassify } from './requests.ts';
import { storedMasses } from './stored-masses.ts';

export function evidenceOfTable(
  classifier: Classifier,
  { table, columns }: TableToClassify,
): StoredEvidence[] {
  return classifier
    .classifyTable(
      columns.map(({ name, type, reservoir, references }) => ({
        ...{ name, type, table, references, values: reservoir },
      })),
    )
    .map(storedEvidence);
}

export const storedSource = ({ source, mass, reasons }: Evidence): StoredSource => ({
  ...{ source, masses: storedMasses(mass), reasons: [...reasons] },
});

/** What the sources say of one column, as it is stored. */
export function storedEvidence({ evidence, patterns, valueLists, contains }: Classified): StoredEvidence {
  return {
    sources: evidence.map(storedSource),
    signals: [...patterns, ...valueLists].map(shownSignal),
    contains: contains.map(({ name, title, values }) => ({ name, title, values })),
  };
}

const shownSignal = (signal: Signal): StoredEvidence['signals'][number] => ({
  ...{ name: signal.name, title: signal.title, matched: signal.matched, of: signal.of },
  counts_as: isEvidence(signal) ? 'evidence' : signal.fires ? 'signal' : 'nothing',
});
