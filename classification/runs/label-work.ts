/** What a run asks of a model, and what it takes of its answers: the part of a run's work that speaks with models. */

import type { StoredLabel } from '../../core/classification/stored-columns.ts';
import { boundedColumn } from '../column.ts';
import { agreedLabel, noTermConfidence } from '../model-labels/agreement.ts';
import { labelCalls } from '../model-labels/label-call.ts';
import { labelRequest } from '../model-labels/label-prompt.ts';
import { settle } from '../model-labels/settling.ts';
import { tokensOf } from '../names/tokens.ts';
import type { Vocabulary } from '../vocabulary/vocabulary.ts';
import type { ColumnAnswer, ColumnToAsk, RunWork, VocabularyText } from './requests.ts';

type LabelWork = Pick<RunWork, 'strata' | 'labelCalls' | 'labelRequest' | 'settle' | 'agreed'>;

export const createLabelWork = (open: (vocabulary: VocabularyText) => Vocabulary): LabelWork => ({
  async strata({ columns }) {
    return columns.map(({ name, type }) =>
      JSON.stringify([tokensOf(name).filter(isWord), type.toLowerCase()]),
    );
  },
  async labelCalls({ vocabulary, columns, writing }) {
    const { terms } = open(vocabulary);
    const hints = Object.fromEntries(columns.map(({ key, hints: codes }) => [key, codes]));
    return labelCalls(columns.map(toAsked), { terms: terms.size, writing, hints });
  },
  async labelRequest({ vocabulary, call }) {
    return labelRequest(open(vocabulary), call);
  },
  async settle({ vocabulary, call, answer }) {
    return settle(open(vocabulary).frame, call, answer);
  },
  async agreed({ vocabulary, answers, round }) {
    const { frame } = open(vocabulary);
    return answers.map((list): StoredLabel => {
      const label = agreedLabel(frame, list);
      if (label === null) return noLabel(noTermConfidence(list), round);
      const { code, confidence, alternatives } = label;
      return { code, confidence, alternatives: [...alternatives], reason: reasonOf(list), round };
    });
  },
});

const noLabel = (confidence: number, round: number): StoredLabel => ({
  ...{ code: null, confidence, alternatives: [], round },
  reason: confidence > 0 ? 'The model says that no term fits.' : 'The model has no answer.',
});

/** Numbers tell columns of one kind apart, and are no words of it. */
const isWord = (token: string): boolean => !/^\d+$/.test(token);

const toAsked = ({ key, table, name, type, reservoir, siblings, hints }: ColumnToAsk) => ({
  ...{ key, candidates: hints },
  column: boundedColumn({ table, name, type, values: reservoir, siblings }),
});

/** How far its answers to the writings agree. */
function reasonOf(answers: readonly (ColumnAnswer | null)[]): string {
  const codes = answers.flatMap((answer) => answer?.code ?? []);
  if (codes.length < 2) return 'The model said so once.';
  return new Set(codes).size === 1
    ? 'The model said so of two writings of the column.'
    : `Of two writings of the column the model said ${codes.join(' and ')}.`;
}
