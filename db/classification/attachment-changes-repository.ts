/**
 * What people change of a vocabulary's attachments. Never overwritten: a later change of the same meaning and term
 * holds instead, and each can be undone. Callers have checked whose the vocabulary is.
 */

import type { AttachmentChange, AttachmentChangeRecord } from '../../core/classification/records.ts';
import { isId } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';

const COLUMNS = 'id, vocabulary_id, meaning, code, change, by, created_at, undone_at, undone_by';

/** Changes of a vocabulary that are listed; older ones stay in force all the same. */
const MOST_LISTED = 500;

export async function insertAttachmentChange(
  tx: Transaction,
  principal: Principal,
  change: AttachmentChange & { id: string; vocabulary_id: string },
): Promise<void> {
  const { id, vocabulary_id, meaning, code } = change;
  await tx.query(
    `insert into attachment_changes (id, vocabulary_id, meaning, code, change, by)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, vocabulary_id, meaning, code, change.change, principal.id],
  );
}

/** Undoes what is named and not undone yet. */
export async function undoAttachmentChanges(
  tx: Transaction,
  principal: Principal,
  { vocabulary_id, ids }: { vocabulary_id: string; ids: readonly string[] },
): Promise<void> {
  await tx.query(
    `update attachment_changes set undone_at = clock_timestamp(), undone_by = $3
     where vocabulary_id = $1 and id = any($2::uuid[]) and undone_at is null`,
    [vocabulary_id, ids.filter(isId), principal.id],
  );
}

/** Those of a vocabulary, in the order of `ids`. */
export function attachmentChangesByIds(
  q: Queryable,
  { vocabulary_id, ids }: { vocabulary_id: string; ids: readonly string[] },
): Promise<AttachmentChangeRecord[]> {
  return q.query(
    `select ${COLUMNS} from attachment_changes where vocabulary_id = $1 and id = any($2::uuid[])
     order by array_position($2::uuid[], id)`,
    [vocabulary_id, ids.filter(isId)],
  );
}

/** Undone ones too, newest first. */
export function listAttachmentChanges(
  q: Queryable,
  vocabulary_id: string,
): Promise<AttachmentChangeRecord[]> {
  return q.query(
    `select ${COLUMNS} from attachment_changes where vocabulary_id = $1 order by position desc limit $2`,
    [vocabulary_id, MOST_LISTED],
  );
}

/** What holds of each meaning and term. */
export function attachmentChangesInForce(q: Queryable, vocabulary_id: string): Promise<AttachmentChange[]> {
  return q.query(
    `select distinct on (meaning, code) meaning, code, change from attachment_changes
     where vocabulary_id = $1 and undone_at is null order by meaning, code, position desc`,
    [vocabulary_id],
  );
}
