/** What each route is for, in one sentence: docs/rest.md says the same, and a test compares them. */

import { z } from 'zod';
import {
  AgainBodySchema,
  AgainFieldsSchema,
  ExperimentBodySchema,
  ExperimentFieldsSchema,
} from '../schemas.ts';
import { ACCESS_DESCRIPTIONS } from './access-descriptions.ts';
import { CLASSIFICATION_DESCRIPTIONS } from './classification-descriptions.ts';
import type { RouteDescription } from './route-description.ts';
import { WEBHOOK_DESCRIPTIONS } from './webhook-descriptions.ts';

const file = z.string().meta({ format: 'binary' });
const FORM_WITH_FILE = z.object({ file });
const FORM_WITH_NEW_TABLE = AgainFieldsSchema.extend({ file, test: file.optional() });
const FORM_WITH_TABLE = ExperimentFieldsSchema.extend({ file, test: file.optional() });

const BYTES = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const PAGE = { 'text/html': { schema: { type: 'string' } } };
const NOTEBOOK = { 'application/x-ipynb+json': { schema: { type: 'object' } } };
const TEXT = { 'text/plain': { schema: { type: 'string' } } };
const CSV = { 'text/csv': { schema: { type: 'string' } } };
const STYLE = { 'text/css': { schema: { type: 'string' } } };
const EVENT_STREAM = {
  'text/event-stream': {
    schema: {
      type: 'string',
      description:
        'Server-sent events: `event` is the type, `id` the number, `data` one line of JSON, in ' +
        'the form of the component `Event_{type}`.',
    },
  },
};

/** `METHOD /path` of every route below /api. */
export const DESCRIPTIONS: Readonly<Record<string, RouteDescription>> = {
  'GET /api/me': { tag: 'access', summary: 'Who the caller is, with its role and what it may.' },
  'POST /api/sign-in': {
    tag: 'access',
    summary: 'Exchanges a key for a cookie, for browsers. Takes no `Idempotency-Key`.',
  },
  'POST /api/sign-out': {
    tag: 'access',
    summary: 'Ends the sign-in of the cookie; streams that it opened end within seconds.',
  },
  'GET /api/keys': { tag: 'access', summary: 'The keys that were made, without their tokens.' },
  'POST /api/keys': {
    ...{ tag: 'access', status: 201 },
    summary: 'Makes a key; its token is in this answer alone. Takes no `Idempotency-Key`.',
  },
  'POST /api/keys/:id/rotate': {
    ...{ tag: 'access', status: 201 },
    summary: 'Makes a new token in the place of a key, which is let in for `overlap_hours` (24) more.',
  },
  'DELETE /api/keys/:id': {
    tag: 'access',
    summary: 'Takes a key back; streams that it opened end within seconds.',
  },
  'GET /api/live': { tag: 'platform', summary: 'The process answers.' },
  'GET /api/health': { tag: 'platform', summary: 'Status and version.' },
  'GET /api/ready': {
    tag: 'platform',
    summary:
      '200 when a session can be started, else 503, with each part. The sandbox may still be warming up.',
  },
  'GET /api/status': {
    tag: 'platform',
    summary:
      'Each part with status and latency; `overall_status` is connected, degraded or down; ' +
      '`start_problems` has what failed at the start.',
  },
  'GET /api/endpoints': {
    tag: 'platform',
    summary:
      'What the platform runs work on: sandbox hosts with their slots and GPUs, model providers, workers; `?kind=`.',
  },
  'POST /api/endpoints/:id/drain': {
    tag: 'platform',
    summary: '`{"on"}`: empties a sandbox host, which then gets no new work, or lets it take some again.',
  },
  'POST /api/experiments': {
    tag: 'experiments',
    summary:
      'A form with the file, `name`, `description`, `instructions`, `target` and further ' +
      'fields; or JSON with `upload_id` or `dataset_ref`, an `s3://` or `https://` address.',
    multipart: FORM_WITH_TABLE,
    body: ExperimentBodySchema,
    status: 201,
  },
  'GET /api/experiments': {
    tag: 'experiments',
    summary:
      "The caller's experiments; with `?include=last_session` each with its last session's " +
      'cost, score and curve, and the best score of its finished sessions.',
  },
  'GET /api/experiments/:id': { tag: 'experiments', summary: 'One experiment.' },
  'PATCH /api/experiments/:id': { tag: 'experiments', summary: 'Changes what is wanted of the table.' },
  'DELETE /api/experiments/:id': {
    tag: 'experiments',
    summary: 'Removes it with its sessions and files; 409 while one of them runs.',
  },
  'POST /api/uploads': {
    tag: 'uploads',
    summary:
      'A file that waits to become an experiment: a form with one file, or its bytes ' +
      '(`text/csv`, `application/octet-stream`) with `?name=`.',
    multipart: FORM_WITH_FILE,
    binary: true,
    status: 201,
  },
  'GET /api/uploads/:id': { tag: 'uploads', summary: 'One upload.' },
  'GET /api/uploads/:id/preview': {
    tag: 'uploads',
    summary: 'First rows, detected types, suggested target and the likeliest ones after it, each with why.',
  },
  'POST /api/experiments/:id/sessions': {
    tag: 'sessions',
    summary:
      'A session: `mode` (manual, auto), `model`, `limits`, `decisions` that hold from the start. In ' +
      'auto its first stage starts.',
  },
  'GET /api/sessions': {
    tag: 'sessions',
    summary:
      "The caller's sessions; `?state=`, `?experiment_id=`; with `?include=outcome` each with " +
      'its cost, score and curve.',
  },
  'GET /api/sessions/:id': { tag: 'sessions', summary: 'One session.' },
  'DELETE /api/sessions/:id': {
    tag: 'sessions',
    summary: 'Removes it with all that it made; 409 while a stage runs.',
  },
  'POST /api/sessions/:id/stages/:stage/start': { tag: 'commands', summary: 'Starts eda, prep or train.' },
  'POST /api/sessions/:id/cancel': { tag: 'commands', summary: 'Cancels; what was made is kept.' },
  'POST /api/sessions/:id/resume': {
    tag: 'commands',
    summary:
      'Goes on after a limit or a stop, tries a model provider at once, lets an agent go on ' +
      'that repeats itself. `{"model": "provider/model"}` changes the model.',
  },
  'POST /api/sessions/:id/stop-after-step': {
    tag: 'commands',
    summary: 'Stops when the present step is done.',
  },
  'POST /api/sessions/:id/messages': {
    tag: 'commands',
    summary: '`{"text"}`: reaches the agent at its next turn.',
  },
  'POST /api/sessions/:id/limits': {
    tag: 'commands',
    summary: 'New `turns`, `tokens`, `cost`, `time`; those left out stay.',
  },
  'POST /api/sessions/:id/answers/:questionId': {
    tag: 'commands',
    summary: '`{"text"}`: answers a question; the first answer wins.',
  },
  'POST /api/sessions/:id/approvals/:approvalId': {
    tag: 'commands',
    summary: '`{"approved", "note"}`: decides a request for approval.',
  },
  'POST /api/sessions/:id/fork': {
    tag: 'commands',
    summary:
      '`{"step"}`: a new session with all that this one had up to the step; it stands still ' +
      'until it is resumed. 201 with the new session.',
  },
  'POST /api/sessions/:id/again': {
    tag: 'commands',
    summary:
      'A new experiment on a new file of the same form with the decisions in force here: a form with the file, or ' +
      'JSON with `upload_id` or `dataset_ref`; `name`, `mode`, `model`, `answers` to what does not fit, ' +
      '`dry_run`. 201 with its session; 422 names what has to be answered.',
    multipart: FORM_WITH_NEW_TABLE,
    body: AgainBodySchema,
  },
  'GET /api/sessions/:id/usage': {
    tag: 'records',
    summary: 'Turns, model calls, requests, tokens, cost; by stage.',
  },
  'GET /api/sessions/:id/questions': {
    tag: 'records',
    summary: 'What the agent asked, with each answer, who gave it and when.',
  },
  'GET /api/sessions/:id/decisions': {
    tag: 'records',
    summary: 'The decisions in force, and changes that wait; `?history=true` lists every row of the ledger.',
  },
  'POST /api/sessions/:id/decisions': {
    tag: 'commands',
    summary:
      '`{"changes": [{"key", "value"} or {"key", "withdraw": true}], "how": "fork" | "rerun", "dry_run"}`: ' +
      'changes decisions, or leaves them to the agent again; a fork goes on from before the first stage that ' +
      'they concern, `rerun` runs it again here, at the end of a stage that runs. 422 says what is possible.',
  },
  'GET /api/sessions/:id/messages': { tag: 'records', summary: 'The conversation; `?order=oldest`.' },
  'GET /api/sessions/:id/steps': { tag: 'records', summary: 'Model and tool steps; `?stage=`, `?run=`.' },
  'GET /api/sessions/:id/steps/:step': {
    tag: 'records',
    summary: 'One step with its code, and where its script, its output and its files are read.',
  },
  'GET /api/sessions/:id/steps/:step/output/:stream': {
    tag: 'records',
    summary: 'What a script printed to `stdout` or `stderr`, byte for byte, once it has ended.',
    answer: TEXT,
  },
  'GET /api/sessions/:id/artifacts': {
    tag: 'records',
    summary: 'What stages left; `?stage=`, `?run=`, `?type=`.',
  },
  'GET /api/sessions/:id/metrics': {
    tag: 'records',
    summary:
      'Points and summaries; `?name=`, `?stage=`, `?run=`, `?run_tag=`, `?from_step=`, ' +
      '`?to_step=`, `?max_points=` a series (least and greatest values are kept); ' +
      '`?form=columns` gives each series as two arrays.',
  },
  'GET /api/sessions/:id/stages': {
    tag: 'records',
    summary: 'The runs of its stages: state, reason, stale, times.',
  },
  'GET /api/sessions/:id/checkpoints': {
    tag: 'records',
    summary: 'Its kept workspaces, oldest first, each with the step that it was kept after.',
  },
  'GET /api/sessions/:id/metadata': {
    tag: 'records',
    summary: 'The processed dataset: columns, target, row counts.',
  },
  'GET /api/sessions/:id/events': {
    tag: 'events',
    summary: 'Stored events after `?after=`, at most `?limit=`, without the types named in `?except=`.',
  },
  'GET /api/sessions/:id/stream': {
    tag: 'events',
    summary: 'The same live (server-sent events), resumed by `Last-Event-ID` or `?after=`.',
    answer: EVENT_STREAM,
  },
  'GET /api/sessions/:id/files': {
    tag: 'files and data',
    summary:
      'The tree below `?path=`, from the last checkpoint or from `?checkpoint=`; 20,000 ' +
      'entries at a time, `?after=` the last path of a `truncated` answer.',
  },
  'GET /api/sessions/:id/files/*': {
    tag: 'files and data',
    summary:
      'One file, whole or a range of it (`Range`, `If-Range`, `If-None-Match`), from the last ' +
      'checkpoint or from `?checkpoint=`.',
    answer: BYTES,
  },
  'POST /api/sessions/:id/sql': {
    tag: 'files and data',
    summary:
      '`{"sql", "limit"}`: one read-only statement over the session\'s tables; `truncated`, ' +
      '`cut_cells` tell what is cut.',
  },
  'GET /api/sessions/:id/tables': {
    tag: 'files and data',
    summary: 'Tables with schemas and row counts; `left_out` counts those beyond the list.',
  },
  'GET /api/sessions/:id/columns/:table': {
    tag: 'files and data',
    summary: 'A summary of each column; `left_out` counts those beyond the list.',
  },
  'GET /api/sessions/:id/archive.zip': {
    tag: 'files and data',
    summary:
      'The session’s files with its data and what its scripts need, as a zip; `?path=` for one folder.',
    answer: BYTES,
  },
  'GET /api/sessions/:id/notebook.ipynb': {
    tag: 'files and data',
    summary:
      'Its scripts with their outputs and its reports as a notebook that runs from top to ' +
      'bottom in the archive’s folder.',
    answer: NOTEBOOK,
  },
  'GET /api/sessions/:id/lineage': {
    tag: 'records',
    summary: 'What came of what: files, steps, artifacts and the edges between them.',
  },
  'GET /api/models': {
    tag: 'models',
    summary: 'Finished models, each session’s newest, with its test scores.',
  },
  'GET /api/models/:id': { tag: 'models', summary: 'One model.' },
  'GET /api/models/:id/description': {
    tag: 'models',
    summary: 'What a model takes: its columns with ranges and categories.',
  },
  'POST /api/models/:id/predict': {
    tag: 'models',
    summary:
      '`{"rows"}`: a prediction for each row, with each class’s probability or a number’s ' +
      'interval, and what is odd about the row. At most 1,000.',
  },
  'POST /api/models/:id/predict-file': {
    tag: 'models',
    summary:
      'A table as a form, or its bytes (`text/csv`, `application/octet-stream`) with `?name=`: ' +
      'the same table as CSV with its predictions; the header `Tempera-Notes` says what the file lacks and what ' +
      'differs from training. Nothing of it is kept.',
    multipart: FORM_WITH_FILE,
    binary: true,
    answer: CSV,
  },
  ...WEBHOOK_DESCRIPTIONS,
  'GET /api/data-connections': {
    tag: 'classification',
    summary:
      'Connections by name with what came of their last test, never a credential; `problems` are of the settings.',
  },
  'POST /api/data-connections': {
    tag: 'classification',
    summary:
      '`{"name", "type", "address", "scope", "credentials"}`: a connection whose credentials are stored sealed and ' +
      'never shown again; an admin’s.',
    status: 201,
  },
  'DELETE /api/data-connections/:name': {
    tag: 'classification',
    summary: 'Removes it with its credentials; 409 while a data source is read by it.',
  },
  'GET /api/data-connections/:name/tables': {
    tag: 'classification',
    summary: 'Tables that can be read by it now, in pages; an admin’s.',
  },
  'POST /api/data-connections/:name/test': {
    tag: 'classification',
    summary: 'Tries it within ten seconds: `{"ok", "message", "tables", "at"}`.',
  },
  'GET /api/agents': {
    tag: 'sessions',
    summary: 'The agents with their roles and tools, and the caller’s sessions that each works on now.',
  },
  'GET /api/stream': {
    tag: 'events',
    summary:
      'What changes in all the caller’s sessions (server-sent events `session`, `removed`, ' +
      'resumed by `Last-Event-ID`) and in what the platform runs work on (`endpoint`, ' +
      '`endpoint_removed`; all of them at first). `?follow=ID:SEQ,ID:SEQ` adds every later ' +
      'event of up to 64 sessions: `session_event` (a stored event with its `session`), ' +
      '`session_delta`, `session_reset` for one whose end lies before SEQ, and ' +
      '`session_refused` for one that is not there.',
    answer: EVENT_STREAM,
  },
  'GET /api/compare': {
    tag: 'sessions',
    summary:
      'Up to 1,000 sessions side by side: `?sessions=ID,ID` or `?experiment_id=`; what they are called ' +
      'by the decisions in which they differ, these with who decided, scores with whether they are ' +
      'comparable, differences to `?reference=` fold by fold; of each metric its value (the mean over ' +
      'its folds, else the last), best, least, greatest and last, and the same over all of them.',
  },
  ...CLASSIFICATION_DESCRIPTIONS,
  ...ACCESS_DESCRIPTIONS,
  'GET /api/openapi.json': { tag: 'platform', summary: 'This document.' },
  'GET /api/docs': { tag: 'platform', summary: 'The same as a page.', answer: PAGE },
  'GET /api/docs/style.css': { tag: 'platform', summary: 'The look of that page.', answer: STYLE },
};
