/** What each route of classification is for; see descriptions.ts. */

import type { RouteDescription } from './route-description.ts';

const PARQUET = {
  'application/vnd.apache.parquet': { schema: { type: 'string', format: 'binary' } },
};
const EVENT_STREAM = {
  'text/event-stream': {
    schema: {
      type: 'string',
      description:
        'Server-sent events `classification`, in the form of the component `Event_classification`.',
    },
  },
};

const SOURCES = 'data sources';
const RUNS = 'classification';

export const CLASSIFICATION_DESCRIPTIONS: Readonly<Record<string, RouteDescription>> = {
  'GET /api/data-sources': {
    tag: SOURCES,
    summary: 'The caller’s data sources and shared ones, each with its last run and its active dataset.',
  },
  'POST /api/data-sources': {
    tag: SOURCES,
    summary:
      'A data source: `display_name`, `source_type`, `upload_ids` of uploaded files or, by an admin, a ' +
      '`source_uri`; `connection`, `vocabulary_id`, `scope`.',
  },
  'GET /api/data-sources/:id': { tag: SOURCES, summary: 'One data source.' },
  'DELETE /api/data-sources/:id': {
    tag: SOURCES,
    summary: 'Removes it with its runs, reviews and datasets; 409 while one of its runs goes on.',
  },
  'POST /api/data-sources/:id/test': {
    tag: SOURCES,
    summary:
      'Tries whether it can be read: `ok`, a sentence, and how many tables there are where that is known.',
  },
  'GET /api/data-sources/:id/tables': {
    tag: SOURCES,
    summary: 'Its tables as they are now, with the columns of each that the last run has sampled.',
  },
  'GET /api/data-sources/:id/reviews': {
    tag: SOURCES,
    summary: 'Decisions on its columns, undone ones too, newest first.',
  },
  'POST /api/data-sources/:id/reviews/undo': {
    tag: SOURCES,
    summary: '`{"ids"}`: undoes decisions; those before them hold again.',
  },
  'GET /api/vocabularies': { tag: SOURCES, summary: 'The caller’s vocabularies and shared ones.' },
  'GET /api/vocabularies/:id': {
    tag: SOURCES,
    summary:
      'One vocabulary with its tree: each term behind its parent, with path, sensitivity and leaves below.',
  },
  'PUT /api/vocabularies/:id': {
    tag: SOURCES,
    summary:
      '`{"name", "text", "scope"}`: a vocabulary in CSV or JSON of at most 8 Mi characters; 400 with the line ' +
      'that is wrong, `findings` with what is amiss.',
  },
  'DELETE /api/vocabularies/:id': {
    tag: SOURCES,
    summary: 'Removes it; 409 while a data source uses it. What runs have read stays with them.',
  },
  'GET /api/vocabularies/:id/attachments': {
    tag: SOURCES,
    summary:
      'Which meanings, forms of values and lists attach to which term, with the reason; what people have changed, ' +
      'undone changes too; and what can be attached.',
  },
  'POST /api/vocabularies/:id/attachments': {
    tag: SOURCES,
    summary:
      '`{"meaning", "code", "change": "attach" | "detach"}`: changes what attaches to a term, for later runs and ' +
      '`explain`; 400 where nothing would change.',
  },
  'POST /api/vocabularies/:id/attachments/undo': {
    tag: SOURCES,
    summary: '`{"ids"}`: undoes changes; those before them hold again.',
  },
  'GET /api/vocabulary/stats': {
    tag: SOURCES,
    summary:
      'Terms, leaves and which of them the last run of `?source_id=` (default: the sample source) has found.',
  },
  'POST /api/classify/explain': {
    tag: RUNS,
    summary:
      '`{"name", "values", "table", "type", "siblings", "vocabulary_id"}`: one column by itself, with what each ' +
      'source says of it, what else it may be, and what would change it.',
  },
  'POST /api/fsm/start': {
    tag: RUNS,
    summary:
      '`{"source_id", "settings"}`: starts a run (default: of the sample source). 202 with `run_id`; 409 with ' +
      '`details.run_id` while one of the source goes on.',
  },
  'GET /api/fsm/status': {
    tag: RUNS,
    summary:
      'How the last run of `?source_id=` stands: state, progress as JSON, error; before the first it is IDLE.',
  },
  'GET /api/fsm/runs': { tag: RUNS, summary: 'Runs, newest first; `?source_id=`.' },
  'GET /api/fsm/runs/:id': { tag: RUNS, summary: 'One run with its settings, notes and outcome.' },
  'GET /api/fsm/runs/:id/vocabulary': {
    tag: RUNS,
    summary: 'The tree of its vocabulary as the run has read it, whatever the vocabulary has become since.',
  },
  'POST /api/fsm/runs/:id/cancel': {
    tag: RUNS,
    summary: 'Cancels it and returns when it has ended; 409 when it had before.',
  },
  'GET /api/fsm/runs/:id/stream': {
    tag: RUNS,
    summary: 'Its states and progress live (server-sent events), resumed by `Last-Event-ID` or `?after=`.',
    answer: EVENT_STREAM,
  },
  'GET /api/fsm/runs/:id/results': {
    tag: RUNS,
    summary:
      'Its columns with what each is: `?q=`, `?code=` (a term with all below it), `?database=`, `?table=`, ' +
      '`?needs_review=`, `?reviewed=`, `?sensitive=`; `?order=doubt` has the least sure first, `?offset=` jumps.',
  },
  'GET /api/fsm/runs/:id/results/counts': {
    tag: RUNS,
    summary: 'How many columns the same filters leave, and how many of them need a review or have one.',
  },
  'GET /api/fsm/runs/:id/results/groups': {
    tag: RUNS,
    summary: 'The same counted `?by=table` or `?by=term`, the largest first; at most 5,000 groups.',
  },
  'GET /api/fsm/runs/:id/map': {
    tag: RUNS,
    summary:
      'Points of its columns in the plane, one place in each list a column; of more than 20,000 one of every so ' +
      'many, which `every` says.',
  },
  'GET /api/fsm/runs/:id/evaluation': {
    tag: RUNS,
    summary: 'How good it is by the source’s own labels; null where there are none.',
  },
  'GET /api/fsm/runs/:id/columns/:column': {
    tag: RUNS,
    summary:
      'One column (`table.column`, the id of a result) with every source’s masses and reasons, conflicts, ' +
      'decisions, and which source would have to speak otherwise for another outcome.',
  },
  'GET /api/fsm/runs/:id/columns/:column/similar': {
    tag: RUNS,
    summary: 'Undecided columns like it, which one decision may settle.',
  },
  'GET /api/fsm/runs/:id/queue': {
    tag: RUNS,
    summary: 'Undecided columns in groups of those alike, by how many one decision settles.',
  },
  'POST /api/fsm/runs/:id/reviews': {
    tag: RUNS,
    summary:
      '`{"items": [{"column", "decision": "accept" | "correct" | "reject" | "none", "code", "note"}]}`: decisions ' +
      'on columns, all of them or none; later runs learn from them.',
    status: 201,
  },
  'GET /api/datasets': {
    tag: RUNS,
    summary: 'Results of runs as files, versions of their sources; `?source_id=`.',
  },
  'POST /api/datasets/:id/activate': { tag: RUNS, summary: 'Makes it the active version of its source.' },
  'GET /api/datasets/:id/data': {
    tag: RUNS,
    summary: 'The file (parquet), whole or a range of it (`Range`, `If-Range`, `If-None-Match`).',
    answer: PARQUET,
  },
};
