/** Vocabularies: what each is called, and its text by hash, which never changes. */

import type { VocabularyRecord } from '../../core/classification/records.ts';
import { TemperaError } from '../../core/errors.ts';
import { sha256 } from '../../core/ids.ts';
import type { Principal } from '../../core/principal.ts';
import type { Queryable, Transaction } from '../database.ts';
import { only, ownerFilter, toJson } from '../sql.ts';
import { seenBy } from './seen-by.ts';

export type NewVocabulary = Omit<VocabularyRecord, 'owner' | 'sha256' | 'created_at'>;

const COLUMNS = 'id, owner, scope, name, form, sha256, terms, leaves, findings, created_at';

/** Writes the vocabulary, or its next text where it is there already and the principal's; runs keep what they read. */
export async function putVocabulary(
  tx: Transaction,
  principal: Principal,
  { vocabulary, text }: { vocabulary: NewVocabulary; text: string },
): Promise<VocabularyRecord | null> {
  const hash = sha256(text);
  await tx.query('insert into vocabulary_texts (sha256, text) values ($1, $2) on conflict do nothing', [
    hash,
    text,
  ]);
  const { id, scope, name, form, terms, leaves, findings } = vocabulary;
  const rows = await tx.query<VocabularyRecord>(
    `insert into vocabularies (id, owner, scope, name, form, sha256, terms, leaves, findings)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)
     on conflict (id) do update set scope = $3, name = $4, form = $5, sha256 = $6, terms = $7, leaves = $8,
       findings = $9::jsonb
     where $10::text is null or vocabularies.owner = $10
     returning ${COLUMNS}`,
    [id, principal.id, scope, name, form, hash, terms, leaves, toJson(findings), ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** By name. */
export function listVocabularies(q: Queryable, principal: Principal): Promise<VocabularyRecord[]> {
  return q.query<VocabularyRecord>(
    `select ${COLUMNS} from vocabularies v where ${seenBy('v', '$1')} order by name, id limit 1000`,
    [ownerFilter(principal)],
  );
}

export async function getVocabulary(
  q: Queryable,
  principal: Principal,
  id: string,
): Promise<VocabularyRecord | null> {
  const rows = await q.query<VocabularyRecord>(
    `select ${COLUMNS} from vocabularies v where id = $1 and ${seenBy('v', '$2')}`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** The text by its hash, which a vocabulary or a run that the caller may see has named. */
export async function vocabularyText(q: Queryable, hash: string): Promise<string> {
  const rows = await q.query<{ text: string }>('select text from vocabulary_texts where sha256 = $1', [hash]);
  return only(rows).text;
}

/**
 * False when it is absent or not the principal's. Its text stays while there is a run that was made with it.
 * @throws TemperaError CONFLICT where a source uses it
 */
export async function deleteVocabulary(tx: Transaction, principal: Principal, id: string): Promise<boolean> {
  const found = await tx.query(
    'select from vocabularies where id = $1 and ($2::text is null or owner = $2) for update',
    [id, ownerFilter(principal)],
  );
  if (found.length === 0) return false;
  const [used] = await tx.query<{ sources: number }>(
    'select count(*)::integer as sources from data_sources where vocabulary_id = $1',
    [id],
  );
  if (used !== undefined && used.sources > 0) {
    const message = `The vocabulary ${id} is that of ${used.sources} data sources. Delete these first.`;
    throw new TemperaError('CONFLICT', message, { details: { sources: used.sources } });
  }
  await tx.query('delete from vocabularies where id = $1', [id]);
  await deleteUnusedTexts(tx);
  return true;
}

/** Texts that no vocabulary has any more, and no run was made with. */
export async function deleteUnusedTexts(tx: Transaction): Promise<void> {
  await tx.query(
    `delete from vocabulary_texts t where not exists (select from vocabularies v where v.sha256 = t.sha256)
       and not exists (select from classification_runs r where r.vocabulary ->> 'sha256' = t.sha256)`,
  );
}
