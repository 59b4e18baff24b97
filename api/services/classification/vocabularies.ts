/** Vocabularies: texts that are checked before they are used, and what a source's last run found of their terms. */

import type {
  ExplainedColumn,
  VocabularyStats,
  VocabularyTerm,
} from '../../../core/classification/answers.ts';
import {
  BUNDLED_VOCABULARY,
  type ClassificationRun,
  SAMPLE_SOURCE,
  type VocabularyRecord,
} from '../../../core/classification/records.ts';
import { TemperaError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/ids.ts';
import type { Principal } from '../../../core/principal.ts';
import { deleteVocabulary, getVocabulary, groupResults, lastRun, putVocabulary } from '../../../db/index.ts';
import type { ExplainBody, VocabularyBody } from '../../classification-schemas.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { openedText } from './attachments.ts';
import { type KnownTerms, knownTerms } from './known-terms.ts';
import { assertOwner, requireRun, requireSource, requireVocabulary } from './required.ts';

/** @throws TemperaError INVALID_INPUT with the line that is wrong; NOT_FOUND, FORBIDDEN for another's */
export async function storeVocabulary(
  { db, classifier }: ApiDependencies,
  principal: Principal,
  { id, body }: { id: string; body: VocabularyBody },
): Promise<VocabularyRecord> {
  if (id === BUNDLED_VOCABULARY) throw platformsOwn();
  const known = await getVocabulary(db, principal, id);
  if (known !== null) assertOwner(principal, known, 'vocabulary');
  const { name, text, scope } = body;
  const described = await classifier.describe({ vocabulary: { sha256: sha256(text), text } });
  const vocabulary = { id, name, scope, ...described };
  const stored = await db.transaction((tx) => putVocabulary(tx, principal, { vocabulary, text }));
  if (stored === null) throw new TemperaError('NOT_FOUND', `There is no vocabulary ${id} that is yours.`);
  return stored;
}

/** @throws TemperaError NOT_FOUND, FORBIDDEN, CONFLICT while a source uses it */
export async function removeVocabulary(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<void> {
  assertOwner(principal, await requireVocabulary(dependencies, principal, id), 'vocabulary');
  if (id === BUNDLED_VOCABULARY) throw platformsOwn();
  await dependencies.db.transaction((tx) => deleteVocabulary(tx, principal, id));
}

const platformsOwn = (): TemperaError =>
  new TemperaError(
    'CONFLICT',
    `The vocabulary ${BUNDLED_VOCABULARY} is the platform’s own: it stays as it is. Send yours by another id.`,
  );

export async function vocabularyTree(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<VocabularyRecord & { tree: VocabularyTerm[] }> {
  const vocabulary = await requireVocabulary(dependencies, principal, id);
  const { list } = await knownTerms(dependencies, vocabulary.sha256);
  return { ...vocabulary, tree: [...list] };
}

/** The vocabulary of a run as the run has read it, whatever has become of it since. */
export async function runVocabulary(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<ClassificationRun['vocabulary'] & { tree: VocabularyTerm[] }> {
  const { vocabulary } = await requireRun(dependencies, principal, id);
  const { list } = await knownTerms(dependencies, vocabulary.sha256);
  return { ...vocabulary, tree: [...list] };
}

/** One column by itself, from values that a person has. */
export async function explainColumn(
  dependencies: ApiDependencies,
  principal: Principal,
  { vocabulary_id = BUNDLED_VOCABULARY, ...sample }: ExplainBody,
): Promise<ExplainedColumn> {
  const { id, name, sha256: hash } = await requireVocabulary(dependencies, principal, vocabulary_id);
  const vocabulary = await openedText(dependencies, { id, sha256: hash });
  return await dependencies.classifier.explain({ vocabulary, name, sample });
}

/** Which of its terms the source's last run with results has found. */
export async function vocabularyStats(
  dependencies: ApiDependencies,
  principal: Principal,
  source_id: string = SAMPLE_SOURCE,
): Promise<VocabularyStats> {
  const { db } = dependencies;
  const source = await requireSource(dependencies, principal, source_id);
  const run = await lastRun(db, principal, { source_id, hasResults: true });
  const vocabulary =
    run?.vocabulary ?? (await requireVocabulary(dependencies, principal, source.vocabulary_id));
  const terms = await knownTerms(dependencies, vocabulary.sha256);
  const groups = run === null ? [] : await groupResults(db, { run_id: run.id, limit: 1 }, 'term');
  const leaves = terms.list.filter(({ is_leaf }) => is_leaf).length;
  const found = foundTerms(terms, groups);
  const leavesFound = found.filter(({ is_leaf }) => is_leaf).length;
  return {
    ...{ source_id, run_id: run?.id ?? null, vocabulary: { id: vocabulary.id, name: vocabulary.name } },
    ...{ terms: terms.list.length, leaves, leaves_found: leavesFound },
    coverage: leaves === 0 ? 0 : leavesFound / leaves,
    columns: groups.reduce((sum, { columns }) => sum + columns, 0),
    open: groups.find(({ code }) => code === null)?.columns ?? 0,
    found,
  };
}

/** Each node with the columns that have it or one below it. */
function foundTerms(
  terms: KnownTerms,
  groups: readonly { code: string | null; columns: number; needs_review: number }[],
): VocabularyStats['found'] {
  const counts = new Map<string, { columns: number; needs_review: number }>();
  for (const { code, columns, needs_review } of groups)
    for (let at = code; at !== null; at = terms.get(at)?.parent_code ?? null) {
      const known = counts.get(at) ?? { columns: 0, needs_review: 0 };
      counts.set(at, {
        columns: known.columns + columns,
        needs_review: known.needs_review + needs_review,
      });
    }
  return terms.list.flatMap(({ code, label, depth, is_leaf }) => {
    const counted = counts.get(code);
    return counted === undefined ? [] : [{ code, label, depth, is_leaf, ...counted }];
  });
}
