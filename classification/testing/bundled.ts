import { type Classified, type Classifier, createClassifier } from '../classifier.ts';
import { bundledVocabulary, type Knowledge, readKnowledge } from '../knowledge.ts';
import { readVocabulary, type Vocabulary } from '../vocabulary/vocabulary.ts';

const FOLDER = 'classification';

export interface Bundled {
  knowledge: Knowledge;
  vocabulary: Vocabulary;
  attachments: Classifier['attachments'];
  classify: Classifier['classify'];
  classifyTable: Classifier['classifyTable'];
  /** A classifier over a vocabulary of one's own. */
  over(vocabulary: string): Classifier;
}

/** What the product is installed with. */
export function bundled(): Bundled {
  const knowledge = readKnowledge(FOLDER);
  const vocabulary = bundledVocabulary(FOLDER);
  const { classify, classifyTable, attachments } = createClassifier(knowledge, vocabulary);
  return {
    knowledge,
    vocabulary,
    attachments,
    classify,
    classifyTable,
    over: (text) => createClassifier(knowledge, readVocabulary(text)),
  };
}

/** What a source says, by code, in six digits; Θ is what it does not know. */
export function massesOf({ evidence }: Classified, source: string): Record<string, number> {
  const found = evidence.find((each) => each.source === source);
  if (found === undefined) throw new Error(`There is no source ${source}.`);
  const { frame, masses } = found.mass;
  const nodes = new Map([...frame.nodes.values()].map(({ code, set }) => [set, code]));
  return Object.fromEntries(
    [...masses].map(([set, mass]) => [
      set === frame.whole ? 'Θ' : (nodes.get(set) ?? 'a set'),
      Math.round(mass * 1e6) / 1e6,
    ]),
  );
}
