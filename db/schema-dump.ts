/** The schema as it stands in the catalogue, as text in a fixed order: what `schema.sql` holds. */

import type { Queryable } from './database.ts';
import { only } from './sql.ts';

// `migrations` is the migrator's own table.
const DUMP = `
  with tables as (
    select c.oid, c.relname, case c.relpersistence when 'u' then ' unlogged' else '' end as logging from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
  ), parts as (
    select t.relname, 1 as kind, a.attnum::text as place, format('  %I %s%s%s', a.attname,
        format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case when a.attidentity = 'a' then ' generated always as identity'
          else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end) as line, a.attnum as column_number
    from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    union all
    select t.relname, 2, k.contype::text || k.conname,
      format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), 0
    from tables t join pg_constraint k on k.conrelid = t.oid and k.contype <> 'n'
  ), texts as (
    select relname as name, 1 as kind,
      format(E'create%s table %I (\\n%s\\n);',
        (select logging from tables t where t.relname = parts.relname), relname,
        string_agg(line, E',\\n' order by kind, column_number, place collate "C")) as text
    from parts group by relname
    union all
    select t.relname || ' ' || i.relname, 1, pg_get_indexdef(i.oid) || ';'
    from tables t join pg_index x on x.indrelid = t.oid join pg_class i on i.oid = x.indexrelid
    where not exists (select from pg_constraint k where k.conindid = i.oid)
    union all
    select s.sequencename, 2, format('create sequence %I;', s.sequencename) from pg_sequences s
    where s.schemaname = 'public' and not exists (
      select from pg_depend d
      where d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass and d.deptype = 'i')
  )
  select string_agg(text, E'\\n\\n' order by kind, name collate "C") as dump from texts`;

/** The whole schema of the database that `q` is connected to; equal schemas give equal text. */
export async function dumpSchema(q: Queryable): Promise<string> {
  const { dump } = only(await q.query<{ dump: string }>(DUMP));
  return `-- Written by db/schema-dump.ts from the migrations: do not edit.\n\n${dump}\n`;
}
