/** What patterns and lists of known values attach to, and what people change of it: by whom, when, undone by name. */

import type { Attachable, Attachment } from '../../../core/classification/answers.ts';
import type {
  AttachmentChange,
  AttachmentChangeRecord,
  VocabularyRecord,
} from '../../../core/classification/records.ts';
import { TemperaError } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import type { Principal } from '../../../core/principal.ts';
import {
  attachmentChangesByIds,
  attachmentChangesInForce,
  insertAttachmentChange,
  listAttachmentChanges,
  type Transaction,
  undoAttachmentChanges,
  vocabularyText,
} from '../../../db/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { requestHash } from '../../http/idempotency.ts';
import { createOnce } from '../once.ts';
import { knownTerms } from './known-terms.ts';
import { assertOwner, requireVocabulary } from './required.ts';

/** A vocabulary as the classifier reads it now. */
export async function openedText(
  { db }: ApiDependencies,
  { id, sha256 }: Pick<VocabularyRecord, 'id' | 'sha256'>,
) {
  const attachments = await attachmentChangesInForce(db, id);
  return { sha256, attachments, text: await vocabularyText(db, sha256) };
}

export interface VocabularyAttachments {
  items: Attachment[];
  /** What people have changed, undone ones too, newest first. */
  changes: AttachmentChangeRecord[];
  /** What can be attached. */
  attachable: Attachable[];
}

export async function vocabularyAttachments(
  dependencies: ApiDependencies,
  principal: Principal,
  id: string,
): Promise<VocabularyAttachments> {
  const { db, classifier } = dependencies;
  const vocabulary = await openedText(dependencies, await requireVocabulary(dependencies, principal, id));
  const [items, changes, attachable] = await Promise.all([
    classifier.attachments({ vocabulary }),
    listAttachmentChanges(db, id),
    classifier.attachables({}),
  ]);
  return { items, changes, attachable };
}

/** @throws TemperaError NOT_FOUND, FORBIDDEN, INVALID_INPUT with the field */
export async function changeAttachment(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, change, key }: { id: string; change: AttachmentChange; key: string | null },
): Promise<AttachmentChangeRecord> {
  const { db } = dependencies;
  const vocabulary = await requireVocabulary(dependencies, principal, id);
  assertOwner(principal, vocabulary, 'vocabulary');
  const insert = async (tx: Transaction) => {
    // not before: who repeats a request gets its answer, though by now nothing would change
    await assertFits(dependencies, vocabulary, change);
    const row = { ...change, id: newId(), vocabulary_id: id };
    await insertAttachmentChange(tx, principal, row);
    return row.id;
  };
  const hash = requestHash('attachment', [id, change]);
  const created = await createOnce(db, principal, { key, hash, insert });
  const [made] = await attachmentChangesByIds(db, { vocabulary_id: id, ids: [created.id] });
  if (made === undefined) throw new TemperaError('NOT_FOUND', `The vocabulary ${id} was removed.`);
  return made;
}

/** A change that changes nothing is refused: who sent it sees something old. */
async function assertFits(
  dependencies: ApiDependencies,
  vocabulary: VocabularyRecord,
  { meaning, code, change }: AttachmentChange,
): Promise<void> {
  const { classifier } = dependencies;
  if (!(await classifier.attachables({})).some((each) => each.meaning === meaning))
    throw wrong('meaning', `${meaning.slice(0, 60)} is the meaning of no form and no list of values`);
  if ((await knownTerms(dependencies, vocabulary.sha256)).get(code)?.is_leaf !== true)
    throw wrong('code', `${code.slice(0, 60)} is no term of ${vocabulary.name} that a column can be given`);
  const items = await classifier.attachments({ vocabulary: await openedText(dependencies, vocabulary) });
  const isAttached = items.some((each) => each.meaning === meaning && each.code === code);
  if (isAttached === (change === 'attach'))
    throw wrong('change', `${meaning} is ${isAttached ? 'attached to' : 'not attached to'} ${code} already`);
}

const wrong = (field: string, message: string): TemperaError =>
  new TemperaError('INVALID_INPUT', `The request is not understood. body.${field}: ${message}.`, {
    details: { issues: [{ field: `body.${field}`, message }] },
  });

/** Those that were undone before stay as they are. @returns each as it is now */
export async function undoAttachments(
  dependencies: ApiDependencies,
  principal: Principal,
  { id, ids }: { id: string; ids: readonly string[] },
): Promise<AttachmentChangeRecord[]> {
  const { db } = dependencies;
  assertOwner(principal, await requireVocabulary(dependencies, principal, id), 'vocabulary');
  const asked = { vocabulary_id: id, ids };
  const known = await attachmentChangesByIds(db, asked);
  const missing = ids.find((each) => !known.some((change) => change.id === each));
  if (missing !== undefined)
    throw new TemperaError('NOT_FOUND', `The vocabulary ${id} has no change ${missing}; nothing was undone.`);
  await db.transaction((tx) => undoAttachmentChanges(tx, principal, asked));
  return await attachmentChangesByIds(db, asked);
}
