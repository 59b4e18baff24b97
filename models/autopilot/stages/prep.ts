/** Preparation: check the exploration's decisions against the table, build the splits, read them back. */

import type { Facts, Findings } from '../facts.ts';
import { type NextAction, obtain, type ScriptCall, unable } from '../next-action.ts';
import { markOf, type Parameters } from '../playbooks.ts';
import { count, counted, listed } from '../prose.ts';
import { knownColumns } from '../reading/known-columns.ts';
import { metricFits, readMetric } from '../reading/metrics-named.ts';
import { isUnwanted, type Wishes } from '../reading/wishes.ts';
import { wishesInForce } from '../reading/wishes-in-force.ts';
import { executionsOf } from '../stage-view.ts';
import type { StageView } from '../view.ts';
import { askFirst } from './consent.ts';
import { columnsIncluded, decidedValue, dropsRepeats, splitDecided } from './decided-values.ts';
import { decideEda } from './eda.ts';
import { ON_REQUEST, splitWords } from './settled.ts';

export const PREP_TASKS = [
  'Check the decisions against the table',
  'Build splits and pipeline',
  'Read everything back',
];

/** Below this many rows of the rarest class a split may lack it. */
const FEW_ROWS = 7;

/** The next step of the preparation. */
export function decidePrep(view: StageView, facts: Facts): NextAction {
  const call = auditCall(view.given ?? facts);
  const lost = executionsOf(view, markOf('prep_audit', call.requested)).some(
    (execution) => !execution.ok && /decisions\.json/.test(execution.output),
  );
  if (lost) {
    const explored = decideEda(view, facts);
    if (explored.do !== 'finish')
      return {
        ...explored,
        say: `The exploration’s decisions are missing, so I make them anew. ${explored.say}`,
      };
    call.requested.revision = 1;
  }
  const checked = obtain(view, call);
  if (!checked.done) return checked.action;
  const drop_duplicates = dropsRepeats(facts, checked.findings.drop_duplicates);
  const audit = { findings: { ...checked.findings, drop_duplicates } };
  const { columns } = knownColumns(view);
  const wishes = wishesIn(view, audit.findings);
  const buildScript = buildCall(view, facts, { audit: audit.findings, wishes });
  const dropped = Object(buildScript.requested.drop);
  if (audit.findings.features.length > 0 && audit.findings.features.every((name) => name in dropped))
    return unable(nothingLeft(audit.findings));
  const proposal = proposalOf(audit.findings, buildScript.requested);
  const asked = askFirst(view, wishes, { topic: 'prepare', proposal, columns });
  if (asked !== null) return asked;
  const build = obtain(view, buildScript);
  if (!build.done) return build.action;
  const check = obtain(view, checkCall(view, facts, build.findings));
  if (!check.done) return check.action;
  const metric = wishedMetric(facts, wishes, audit.findings.problem_type) ?? audit.findings.metric;
  const end = askFirst(view, wishes, {
    topic: 'end',
    proposal: 'The splits are built; what was done is in prep/report.md.',
    columns,
  });
  return end ?? finishPrep({ ...audit.findings, metric, drop: dropped }, build.findings, check.findings);
}

/** The wishes, with columns to leave out only where they are features still. */
function wishesIn(view: StageView, { features }: Findings<'prep_audit'>): Wishes {
  const wishes = wishesInForce(view, knownColumns(view).columns);
  return { ...wishes, excluded: features.filter((name) => isUnwanted(name, wishes)) };
}

const nothingLeft = ({ target, features }: Findings<'prep_audit'>): string =>
  `No column would remain to predict \`${target}\` from: you asked to leave out ` +
  `${listed(features)}. Keep at least one of them, say so in a message, and start the ` +
  'stage again.';

function auditCall(facts: Facts): ScriptCall<'prep_audit'> {
  return {
    name: 'prep_audit',
    title: 'Check the decisions against the table',
    say: 'Before building on what the exploration decided I check it against the table.',
    requested: {
      target: null,
      problem_type: facts.problem_type ?? null,
      excluded_columns: facts.excluded_columns ?? [],
      sharing: facts.data_sharing ?? 'values',
    },
  };
}

function buildCall(
  view: StageView,
  facts: Facts,
  { audit, wishes }: { audit: Findings<'prep_audit'>; wishes: Wishes },
): ScriptCall<'prep_build'> {
  const { excluded } = wishes;
  const split = splitDecided(facts, audit.dates) ?? audit.split;
  const out = new Set(facts.excluded_columns ?? []);
  const stands = ([name, why]: [string, string]) => why !== ON_REQUEST || out.has(name);
  const proposed = {
    ...Object.fromEntries(Object.entries(audit.drop).filter(stands)),
    ...Object.fromEntries(
      Object.entries(audit.leaks).map(([name, how]) => [name, `it gives the target away (${how})`]),
    ),
    ...Object.fromEntries(
      [...(facts.excluded_columns ?? []), ...excluded].map((name) => [name, 'excluded on request']),
    ),
  };
  const included = new Set(columnsIncluded(facts, knownColumns(view).columns));
  const drop = Object.fromEntries(Object.entries(proposed).filter(([name]) => !included.has(name)));
  const revision = view.validations.length;
  const many = audit.high_cardinality.filter((name) => drop[name] === undefined);
  return {
    name: 'prep_build',
    title: 'Build splits and pipeline',
    say: buildWords({ ...audit, split }, { many, excluded, revision }),
    requested: {
      target: audit.target,
      problem_type: audit.problem_type,
      metric: wishedMetric(facts, wishes, audit.problem_type),
      drop,
      drop_duplicates: audit.drop_duplicates,
      split,
      test_file: split.strategy === 'file' ? (facts.test_file ?? null) : null,
      sharing: facts.data_sharing ?? 'values',
      seed: facts.seed ?? 42,
      ...(revision > 0 ? { revision } : {}),
    },
  };
}

function buildWords(
  audit: Findings<'prep_audit'>,
  notes: { many: string[]; excluded: string[]; revision: number },
): string {
  const lines = [`${counted(audit.feature_count, 'column')} can be used for \`${audit.target}\`.`];
  if (notes.revision > 0) lines.unshift('Validation found something to mend; I build the splits anew.');
  if (audit.with_missing.length > 0)
    lines.push(
      `Gaps in ${listed(audit.with_missing)} take the median or a value of their own, with an indicator.`,
    );
  if (notes.many.length > 0)
    lines.push(
      `${listed(notes.many)} has too many values for a column each: a cross-fitted mean of the target stands in.`,
    );
  if (notes.excluded.length > 0) lines.push(`Left out as you asked: ${listed(notes.excluded)}.`);
  if ((audit.repeated ?? 0) > 0)
    lines.push(
      `${counted(audit.repeated, 'row')} ` +
        `${audit.repeated === 1 ? 'repeats another' : 'repeat others'}: ` +
        `${audit.drop_duplicates ? 'I drop them' : 'with few possible values that is to be expected'}.`,
    );
  if (audit.problem_type !== 'regression' && (audit.rarest ?? FEW_ROWS) < FEW_ROWS)
    lines.push('The rarest class is so small that a split may lack it.');
  lines.push(`Split: ${splitWords(audit.split)}.`);
  return lines.join(' ');
}

/** The metric that the person has decided, in this run of the stage or before; null where it does not fit. */
function wishedMetric(
  facts: Facts,
  { metric }: Wishes,
  problem: Findings<'prep_audit'>['problem_type'],
): string | null {
  const decided = decidedValue(facts, 'metric');
  const desired = [metric, typeof decided === 'string' ? readMetric(decided) : null];
  return desired.find((each) => each !== null && metricFits(each, problem)) ?? null;
}

function proposalOf(audit: Findings<'prep_audit'>, { drop }: Parameters): string {
  const dropped = Object.keys(Object(drop));
  const how = splitWords(audit.split);
  return (
    `I would split ${how}, ` +
    `${audit.drop_duplicates ? 'drop exact repeats of rows' : 'keep every row that has a target'} ` +
    `and leave out ${dropped.length > 0 ? listed(dropped, 12) : 'no column'}.`
  );
}

function checkCall(view: StageView, facts: Facts, build: Findings<'prep_build'>): ScriptCall<'prep_check'> {
  const revision = view.validations.length;
  return {
    name: 'prep_check',
    title: 'Read splits and pipeline back',
    say:
      `${counted(build.features, 'column')} became ${counted(build.transformed, 'number')}. I ` +
      'read the files back as a stranger would.',
    requested: { sharing: facts.data_sharing ?? 'values', ...(revision > 0 ? { revision } : {}) },
  };
}

function finishPrep(
  audit: Findings<'prep_audit'>,
  build: Findings<'prep_build'>,
  check: Findings<'prep_check'>,
): NextAction {
  const rows = Object.entries(build.rows).map(([name, value]) => `${name} ${count(value)}`);
  const left = Object.entries(build.dropped_rows).filter(([, value]) => value > 0);
  const lines = [
    `Splits for \`${audit.target}\` (${audit.problem_type})${rows.length > 0 ? `: ${rows.join(', ')} rows` : ''}.`,
    ...(build.equal_rows === 'mixed'
      ? [
          'Rows with equal features could not be held apart: too few combinations differ, so the split is row by row.',
        ]
      : []),
    `${counted(build.features, 'feature column')}, ${counted(build.transformed, 'number')} after the pipeline.`,
    ...left.map(([reason, value]) => `Rows left out, ${reason.replace('_', ' ')}: ${count(value)}.`),
    ...Object.keys({ ...audit.drop, ...audit.leaks }).map((name) => `Not used: \`${name}\`.`),
    check.problems.length === 0
      ? 'Read back: everything as it should be.'
      : `Read back with problems: ${check.problems.join('; ')}.`,
    ...(check.raw_rows_differ ? ['Some raw rows transform differently from their cleaned form.'] : []),
    `Metric for training: ${audit.metric}.`,
  ];
  return { do: 'finish', say: 'The splits are ready.', summary: lines.join('\n') };
}
