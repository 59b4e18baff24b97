/**
 * What of the data may enter the prompt of a model that is not on this machine. This is the one place that decides it:
 * every request to such a model passes through here, and nothing else is trusted to hold data back.
 *
 * values       everything
 * aggregates   no cell: schemas, row counts, whole-table aggregates of query_sql and lines `name: number` with a known
 *              name stay; everything else that a tool gave is withheld with its size
 * none         no cell, no statistic, no count, and no column name that the person has not said: exit status, kind of
 *              error, sizes of outputs, types of columns
 *
 * What people wrote (instructions, messages, answers) and what the model itself wrote are sent as they are: who says a
 * value says it. A text that is withheld is named as such, so that the model does not take it for empty.
 */

import type { ModelMessage, ToolResultBlock, ToolUseBlock } from './ports/model.ts';
import type { DATA_SHARING } from './records.ts';
import { withoutWarning } from './repetition.ts';

export type DataSharing = (typeof DATA_SHARING)[number];

/** The messages as a model elsewhere may see them. */
export function shareable(messages: readonly ModelMessage[], sharing: DataSharing): ModelMessage[] {
  if (sharing === 'values') return [...messages];
  const calls = new Map<string, ToolUseBlock>();
  return messages.map((message) => {
    if (message.role === 'assistant') {
      for (const block of message.content) if (block.type === 'tool_use') calls.set(block.id, block);
      return message;
    }
    const content = message.content.map((block) => {
      if (block.type !== 'tool_result') return block;
      const { given, warning } = withoutWarning(block.content);
      const result = { ...block, content: given };
      const shown = shareableResult(calls.get(block.tool_use_id), result, sharing);
      return { ...block, content: `${shown}${warning}` };
    });
    return { role: 'user', content };
  });
}

/** Begins what is said of an earlier stage's decision. */
export const EARLIER_STAGE = 'An earlier stage has decided it';
/** Begins what is said of a decision that was kept from another session. */
export const OTHER_SESSION = 'It is kept from another session';

/** Tools whose results hold only what people or the platform said. */
const OURS: readonly string[] = ['ask_user', 'request_approval', 'update_tasks'];

function shareableResult(
  call: ToolUseBlock | undefined,
  { content, is_error: failed = false }: ToolResultBlock,
  sharing: Exclude<DataSharing, 'values'>,
): string {
  const tool = call?.name ?? '';
  if (OURS.includes(tool)) return content;
  // what a script has decided may be a cell; what a person has decided the person said
  if (tool === 'record_decision') {
    const whose = [EARLIER_STAGE, OTHER_SESSION].find((words) => content.startsWith(words));
    return whose === undefined ? content : `${whose}: decisions.json has it.`;
  }
  if (tool === 'change_decision' && !failed) return withoutReasons(content);
  // about what the model wrote, not about the data
  if (failed && (content.startsWith('The input of ') || content.startsWith('The call was not run')))
    return content;
  if (tool === 'finish') return knownWords(content);
  if (tool === 'execute_code') return executionOf(content, sharing);
  if (failed) return `${kindOfError(content)} ${withheld('The message', content, sharing)}`;
  if (tool === 'query_sql') return queryOf(String(call?.input.sql ?? ''), content, sharing);
  if (tool === 'list_files') return listOf(content, sharing);
  return withheld('The content', content, sharing);
}

/** Why a change was refused may name columns and what was compared. */
function withoutReasons(content: string): string {
  const ordered: { refused?: { key: string }[] } = Object(JSON.parse(content));
  const refused = (ordered.refused ?? []).map(({ key }) => ({ key, why: 'That is not possible here.' }));
  return JSON.stringify({ ...ordered, refused });
}

function withheld(what: string, text: string, sharing: DataSharing): string {
  return `(${what} is withheld: data_sharing is ${sharing}. It has ${text.length} characters.)`;
}

/** Exceptions by name: whatever else begins a line may have been printed from the table. */
const ERRORS = new Set(
  `AssertionError AttributeError ConvergenceWarning EOFError FileNotFoundError FloatingPointError ImportError IndexError
  IsADirectoryError KeyError KeyboardInterrupt LinAlgError MemoryError ModuleNotFoundError NameError NotFittedError
  NotImplementedError OSError OverflowError ParserError PermissionError RecursionError RuntimeError SyntaxError
  SystemExit TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError ValueError
  ZeroDivisionError IndentationError ArrowInvalid CatBoostError LightGBMError XGBoostError BinderException`.split(
    /\s+/,
  ),
);

/** The exit, what kind of error and where, which files; of the output only what `sharing` lets through. */
function executionOf(content: string, sharing: DataSharing): string {
  const lines = content.split('\n');
  const status = /^exit: (\w+)$/.exec(lines[0] ?? '')?.[1] ?? 'unknown';
  const parts = [`exit: ${status}`];
  const error = lines
    .map((line) => /^(?:\w+\.)*(\w+)(?::|$)/.exec(line)?.[1] ?? '')
    .findLast((name) => ERRORS.has(name));
  const place = lines
    .map((line) => /^\s+File "[^"]*step_[^"]*", line (\d+)/.exec(line)?.[1])
    .findLast(Boolean);
  if (status !== 'ok' && error)
    parts.push(`error: ${error}${place ? ` at line ${place} of the script` : ''}`);
  if (sharing === 'aggregates') parts.push(...lines.filter(isNamedAggregate));
  parts.push(withheld('The output', content, sharing));
  const files = /^files: (.*)$/.exec(lines.at(-1) ?? '')?.[1];
  if (files) parts.push(`files: ${layoutOnly(files.split(', '))}`);
  return parts.join('\n');
}

const COUNTED =
  'rows|columns|features|classes|missing|duplicates|distinct|constant|train rows|val rows|test rows';
const SCORED =
  'accuracy|balanced_accuracy|f1|f1_macro|precision|recall|roc_auc|log_loss|r2|rmse|mae|mse|folds';
const NAMED_AGGREGATE = new RegExp(
  `^(?:(?:${COUNTED}): \\d{1,12}|(?:(?:train|val|test|cv|baseline) )?(?:${SCORED}): -?\\d{1,12}(?:\\.\\d{1,12})?)$`,
);

/** `rows: 344`, `test accuracy: 0.98`: names that are no column's, and one number. */
function isNamedAggregate(line: string): boolean {
  return NAMED_AGGREGATE.test(line);
}

const FUNCTIONS =
  'count|sum|avg|mean|stddev|stddev_samp|stddev_pop|var_samp|var_pop|variance|corr|skewness|kurtosis' +
  '|approx_count_distinct';
const NAME = String.raw`(?:"[^"]*"|[a-z_]\w*)`;
const AGGREGATE =
  String.raw`(?:${FUNCTIONS})\s*\((?:\*|(?:distinct\s+)?${NAME}(?:\s*,\s*${NAME})?)\)` +
  String.raw`(?:\s+as\s+${NAME})?`;
/** Over a whole table and without groups, whose keys are cells, or conditions, which can single out a row. */
const WHOLE_TABLE = new RegExp(
  `^\\s*select\\s+${AGGREGATE}(?:\\s*,\\s*${AGGREGATE})*\\s+from\\s+(?:"[^"]*"|[a-z_]\\w*)\\s*;?\\s*$`,
  'i',
);
const DESCRIBE = /^\s*(?:describe|desc|show)\s+(?:tables|"[^"]*"|[a-z_]\w*)\s*;?\s*$/i;

function queryOf(sql: string, content: string, sharing: DataSharing): string {
  const result = parseResult(content);
  if (result === null) return withheld('The result', content, sharing);
  if (sharing === 'aggregates' && WHOLE_TABLE.test(sql)) return content;
  if (sharing === 'aggregates' && DESCRIBE.test(sql)) return schemaOf(result.rows);
  if (DESCRIBE.test(sql)) return `types: ${typesOf(result.rows)} ${withheld('The rest', content, sharing)}`;
  const columns = `${result.columns.length} columns (${result.columns.map((column) => column.type).join(', ')})`;
  // a count of rows is an aggregate
  const rows = sharing === 'aggregates' ? `, ${result.rows.length} rows` : '';
  return `${columns}${rows}. ${withheld('The rows', content, sharing)}`;
}

/** Names with types; an enumeration's type would list its values. */
function schemaOf(rows: unknown[][]): string {
  return rows.map(([name, type]) => `${String(name)} ${plainType(type)}`).join('\n');
}

const plainType = (type: unknown): string => /^[A-Z]+$/.exec(String(type ?? ''))?.[0] ?? 'OTHER';

/** Types of a described table's columns in their order, without their names. */
function typesOf(rows: unknown[][]): string {
  return rows.map(([, type]) => plainType(type)).join(', ');
}

interface Result {
  columns: { type: string }[];
  rows: unknown[][];
}

function parseResult(content: string): Result | null {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== 'object' || value === null || !('columns' in value) || !('rows' in value))
      return null;
    if (!Array.isArray(value.columns) || !Array.isArray(value.rows)) return null;
    const columns = value.columns.map((column: unknown) => ({ type: typeOf(column) }));
    return { columns, rows: value.rows.map((row: unknown) => (Array.isArray(row) ? row : [row])) };
  } catch {
    return null; // too long to be whole: it is withheld
  }
}

function typeOf(column: unknown): string {
  const type = typeof column === 'object' && column !== null && 'type' in column ? String(column.type) : '';
  return plainType(type);
}

/** Files that every session has; other names are chosen by code and may hold a cell (`box_Adelie.png`). */
const LAYOUT = new RegExp(
  String.raw`^(?:eda|prep|train)\/(?:report\.md|data\/(?:train|val|test)\.parquet|data\/metadata\.json` +
    String.raw`|data\/prep_pipeline\.pkl|models\/model\.pkl|models\/requirements\.txt)$`,
);

function layoutOnly(paths: readonly string[]): string {
  const known = paths.filter((path) => LAYOUT.test(path));
  const others = paths.length - known.length;
  return [...known, ...(others > 0 ? [`${others} more, whose names are withheld`] : [])].join(', ');
}

function listOf(content: string, sharing: DataSharing): string {
  const paths = [...content.matchAll(/"path":\s*"([^"]*)"/g)].map(([, path = '']) => path);
  if (paths.length === 0) return withheld('The list', content, sharing);
  return `files: ${layoutOnly(paths)}`;
}

/** The words of our own validation. What stands between them (names, values, a traceback) may come from the table. */
const KNOWN_WORDS = new Set(
  `a add agree all and are as asks at be beat beats both by call cannot class classes column columns constant count
  counts cross data differ do does drop dummy duplicate each empty end error errors exist experiment fails
  feature_columns features figure figures file files finish first fit fitted for from give has have hold holds image
  in into is it its joblib dump least leave left list load loads metadata mend metric metrics missing model models
  must name named names no not of on one only or other out outputs pipeline png predict predicts prep prep_pipeline
  prepare problem put readable recomputed report reported reports requirements row rows same save says scores shows
  source split splits stage take target test text than that the them then there these this to total train training
  transform transforms two type types unseen use validate val validation value values what when which with write yet
  eda prep train report.md metadata.json model.pkl prep_pipeline.pkl requirements.txt train.parquet val.parquet
  test.parquet eda/report.md prep/report.md train/report.md eda/figures prep/data/metadata.json
  prep/data/prep_pipeline.pkl train/models/model.pkl train/data/metadata.json metadata.json: png.`.split(
    /\s+/,
  ),
);

function knownWords(text: string): string {
  const shown = text.split(/(\s+)/).map((part) => {
    const word = part.replace(/^[("'`]+|[)"'`.,:;]+$/g, '').toLowerCase();
    return /^\s*$/.test(part) || word === '-' || word === '' || KNOWN_WORDS.has(word) ? part : '…';
  });
  return shown.join('').replace(/…(?:\s+…)+/g, '…');
}

function kindOfError(content: string): string {
  const kind =
    /\b((?:Binder|Catalog|Parser|Conversion|Out of Range|Invalid Input|Out of Memory) Error)\b/.exec(
      content,
    )?.[1];
  return kind === undefined ? 'The call failed.' : `The call failed: ${kind}.`;
}
