/** Exploration: profile the table, settle the target, look for give-aways, then write the report. */

import { metricsFor } from '../../../core/training-metrics.ts';
import type { Column, Facts, Findings, ProblemType } from '../facts.ts';
import { type NextAction, obtain, type ScriptCall, unable } from '../next-action.ts';
import { counted, listed } from '../prose.ts';
import { METRIC_MEANS, metricFits, readMetric } from '../reading/metrics-named.ts';
import { readWishes, type Wishes } from '../reading/wishes.ts';
import { wishesInForce } from '../reading/wishes-in-force.ts';
import { METRIC_QUESTION, TARGET_QUESTION } from '../stage-view.ts';
import type { StageView } from '../view.ts';
import { askChoice, askFirst, type Choice } from './consent.ts';
import { chooseMetric, type Explored, finishEda, reportCall } from './eda-report.ts';
import { type Decided, decided, type Settled, settle } from './settled.ts';
import { chooseTarget, objectionTo, type TargetChoice } from './target.ts';

export const EDA_TASKS = [
  'Profile every column',
  'Settle the target and look for give-aways',
  'Draw figures and write the report',
];

/** The next step of the exploration. */
export function decideEda(view: StageView, facts: Facts): NextAction {
  const profile = obtain(view, profileCall(view.given ?? facts, kindsSince(view)));
  if (!profile.done) return profile.action;
  const columns = profile.findings.columns;
  const { rows } = profile.findings;
  if (profile.findings.too_few_rows) return unable(tooFewRows(rows));
  const names = columns.map((column) => column.name);
  const wishes = wishesInForce(view, names);
  const target = chooseTarget(facts, wishes, profile.findings);
  const objection =
    target === null ? 'no column can serve as it stands' : objectionTo(target.column, profile.findings.rows);
  if (target === null || objection !== null) return askForTarget(facts, columns, objection ?? '');
  const about = askAboutTarget(view, wishes, { target, columns });
  if (about !== null) return about;
  const settled = settle(facts, { target, wishes, columns });
  const left = columns.filter(({ name }) => name !== target.column.name && settled.drop[name] === undefined);
  if (left.length === 0) return unable(nothingLeft(settled, {}));
  const relations = obtain(view, relationsCall(facts, settled, profile.findings));
  if (!relations.done) return relations.action;
  const unanswered = relations.findings.target?.missing ?? 0;
  if (rows !== undefined && rows - unanswered < FEWEST_ROWS)
    return unable(tooFewAnswers(settled, rows - unanswered));
  const result = decided(settled, relations.findings);
  const several = askWhichLabel(result, relations.findings, columns);
  if (several !== null) return several;
  if (
    names.every(
      (name) => name === target.column.name || name in { ...result.drop, ...relations.findings.leaks },
    )
  )
    return unable(nothingLeft(result, relations.findings.leaks));
  const explored = { settled: result, relations: relations.findings };
  const asked =
    askAboutMetric(view, facts, explored) ??
    askFirst(view, wishes, { topic: 'explore', proposal: proposalOf(facts, explored), columns: names });
  if (asked !== null) return asked;
  const report = obtain(view, reportCall(view, facts, explored));
  if (!report.done) return report.action;
  const proposal = 'The report is in eda/report.md.';
  const end = askFirst(view, wishes, { topic: 'end', proposal, columns: names });
  return end ?? finishEda(result, profile.findings, relations.findings);
}

function askAboutTarget(
  view: StageView,
  wishes: Wishes,
  { target, columns }: { target: TargetChoice; columns: readonly Column[] },
): NextAction | null {
  const usable = columns.filter((column) => objectionTo(column, undefined) === null);
  return askChoice(view, wishes, {
    topic: 'target',
    proposal: `I would predict \`${target.column.name}\`, because ${target.reason}.`,
    question: TARGET_QUESTION,
    choices: usable.map(({ name }) => name),
    recommended: target.column.name,
    consequences: usable.map(({ name, kind, distinct }) => ({
      choice: name,
      means: name === target.column.name ? target.reason : `${kind}, ${counted(distinct, 'different value')}`,
    })),
    names: (answer) =>
      readWishes(
        [`predict ${answer}`],
        usable.map(({ name }) => name),
      ).target !== null,
  });
}

function askAboutMetric(view: StageView, facts: Facts, { settled, relations }: Explored): NextAction | null {
  const { metric, metric_reason } = chooseMetric(facts, settled, relations);
  return askChoice(view, settled.wishes, metricChoice(metric, metric_reason, settled.problem));
}

/** The question by what the model is to be judged. */
export function metricChoice(metric: string, reason: string | null, problem: ProblemType): Choice {
  return {
    topic: 'metric',
    proposal: `I would choose and judge the model by ${metric}${reason === null ? '' : `, because ${reason}`}.`,
    question: METRIC_QUESTION,
    choices: metricsFor(problem),
    recommended: metric,
    consequences: metricsFor(problem).map((choice) => ({ choice, means: METRIC_MEANS[choice] ?? '' })),
    names: (answer) => metricFits(readMetric(answer) ?? '', problem),
  };
}

function proposalOf(facts: Facts, { settled, relations }: Explored): string {
  const dropped = [...Object.keys(relations.leaks), ...Object.keys(settled.drop)];
  const { metric } = chooseMetric(facts, settled, relations);
  return (
    `I would predict \`${settled.target.column.name}\` (${settled.problem}), judge by ` +
    `${metric} and leave out ${dropped.length > 0 ? listed(dropped, 12) : 'no column'}.`
  );
}

/** Fewer cannot be cut into three splits that say anything. */
const FEWEST_ROWS = 20;

const tooFewRows = (rows: number | undefined): string => {
  const found = rows === undefined ? 'The rows are' : `${counted(rows, 'row')} ${rows === 1 ? 'is' : 'are'}`;
  return `${found} too few; ${FEWEST_ROWS} or more are needed. Upload a table with more rows.`;
};

const tooFewAnswers = ({ target }: Settled, rows: number): string =>
  `Only ${counted(rows, 'row')} ${rows === 1 ? 'has' : 'have'} a value of \`${target.column.name}\`; ` +
  `${FEWEST_ROWS} or more are needed. Fill in more of them, or name another target.`;

function nothingLeft({ target, drop }: Settled, leaks: Record<string, string>): string {
  const reasons = Object.entries({ ...leaks, ...drop }).map(
    ([name, reason]) => `\`${name}\` is left out because ${reason}`,
  );
  const why = reasons.length === 0 ? 'the table has no other column' : reasons.slice(0, 10).join('; ');
  const more = reasons.length > 10 ? `; and ${reasons.length - 10} more` : '';
  return (
    `No usable column remains to predict \`${target.column.name}\` from: ${why}${more}. Add ` +
    'columns that can tell something, or name another target.'
  );
}

/** Kinds that were decided in this stage: the table is read anew for them, as the ledger says. */
function kindsSince({ facts, given }: StageView): Record<string, unknown> {
  const isKind = ({ key }: { key: string }) => /^column\.[^.]+\.kind$/u.test(key);
  const before = new Map(given?.decisions?.map(({ key, value }) => [key, value]));
  const since = (facts?.decisions ?? []).filter(
    (each) => isKind(each) && before.get(each.key) !== each.value,
  );
  return Object.fromEntries(since.map(({ key, value }) => [key, value]));
}

function profileCall(facts: Facts, kinds: Record<string, unknown>): ScriptCall<'eda_profile'> {
  return {
    name: 'eda_profile',
    title: 'Profile the table',
    say: `I start by looking at \`${facts.files[0]}\` itself: how it is read, what each column is, what is missing.`,
    requested: {
      file: facts.files[0],
      excluded_columns: facts.excluded_columns ?? [],
      sharing: facts.data_sharing ?? 'values',
      show_columns: 150,
      ...(Object.keys(kinds).length === 0 ? {} : { kinds }),
    },
  };
}

function askForTarget(facts: Facts, columns: readonly Column[], objection: string): NextAction {
  const usable = columns
    .filter((column) => objectionTo(column, undefined) === null)
    .map((column) => column.name);
  if (usable.length === 0 && facts.target == null) {
    const names = listed(columns.map((column) => column.name));
    return unable(
      `No usable column remains: none of ${names} can be predicted, each has one value at ` +
        'most, is a date, or differs in nearly every row. Upload a table with a column to ' +
        'predict.',
    );
  }
  const wrong = facts.target != null ? `The target \`${facts.target}\` cannot be used: ${objection}. ` : '';
  return {
    do: 'ask',
    say: `${wrong}I cannot tell which column to predict.`,
    question: `${wrong}${TARGET_QUESTION}`,
    choices: usable.slice(0, 20),
  };
}

/**
 * Cells that hold several labels at once are no classes: which label, or which other column, is the person's to
 * say.
 */
function askWhichLabel(
  { target }: Decided,
  { several_labels: labels }: Findings<'eda_relations'>,
  columns: readonly Column[],
): NextAction | null {
  if (labels.length === 0) return null;
  const others = columns.filter(
    (column) => column.name !== target.column.name && objectionTo(column, undefined) === null,
  );
  return {
    do: 'ask',
    say:
      `Cells of \`${target.column.name}\` hold several labels at once (${labels.slice(0, 5).join(', ')}), ` +
      'so that it is no single answer.',
    question:
      `Cells of \`${target.column.name}\` hold several labels each. Write one label a column ` +
      `(yes or no) and upload the table again, or name another column. ${TARGET_QUESTION}`,
    choices: others.map(({ name }) => name).slice(0, 20),
  };
}

function relationsCall(
  facts: Facts,
  settled: Settled,
  profile: Findings<'eda_profile'>,
): ScriptCall<'eda_relations'> {
  const { target, problem, drop } = settled;
  const sentences = [
    `${counted(profile.rows, 'row')} and ${counted(profile.column_count, 'column')}.`,
    `I predict \`${target.column.name}\`${problem === null ? '' : ` (${problem})`}, because ${target.reason}.`,
  ];
  if (!profile.read.header)
    sentences.push('The file has no header line, so columns are named by their place.');
  if (Object.keys(drop).length > 0) sentences.push(`Left out: ${listed(Object.keys(drop))}.`);
  return {
    name: 'eda_relations',
    title: 'Measure rows and columns against the target',
    say:
      `${sentences.join(' ')} Next I measure: do rows belong together or follow each other in time, ` +
      'and does a column give the target away?',
    requested: {
      target: target.column.name,
      target_reason: target.reason,
      problem_type: problem,
      left_out: drop,
      kept: settled.included,
      ...(facts.test_file == null ? {} : { test_file: facts.test_file }),
      sharing: facts.data_sharing ?? 'values',
      seed: facts.seed ?? 42,
      max_rows: 5000,
    },
  };
}
