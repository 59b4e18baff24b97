/** Exploration: profile the table, settle the target, look for give-aways, then write the report. */

import { type Decision, obtain, type ScriptCall, unable } from './decision.ts';
import type { Column, Facts, Findings, ProblemType } from './facts.ts';
import { counted, listed } from './prose.ts';
import type { StageView } from './stage-view.ts';
import { chooseTarget, objectionTo, problemOf, type TargetChoice } from './target.ts';
import { metricFits, readMetric, readWishes, type Wishes } from './wishes.ts';

export const EDA_TASKS = [
  'Profile every column',
  'Settle the target and look for give-aways',
  'Draw figures and write the report',
];

/** What the profile and the person's words settle. */
interface Settled {
  target: TargetChoice;
  problem: ProblemType;
  drop: Record<string, string>;
  zeroIsMissing: string[];
  sentinels: Record<string, number>;
  split: { strategy: string; by: string | null };
  wishes: Wishes;
}

/** The next step of the exploration. */
export function decideEda(view: StageView, facts: Facts): Decision {
  const profile = obtain(view, profileCall(facts));
  if (!profile.done) return profile.decision;
  const columns = profile.findings.columns;
  const { rows } = profile.findings;
  if (profile.findings.too_few_rows) return unable(tooFewRows(rows));
  const said = [...view.said, ...view.answers.map((answer) => `predict ${answer}`)];
  const wishes = readWishes(
    said,
    columns.map((column) => column.name),
  );
  const target = chooseTarget(facts, wishes, columns);
  const objection =
    target === null ? 'no column can serve as it stands' : objectionTo(target.column, profile.findings.rows);
  if (target === null || objection !== null) return askForTarget(facts, columns, objection ?? '');
  const settled = settle(facts, { target, wishes, columns });
  const left = columns.filter(({ name }) => name !== target.column.name && settled.drop[name] === undefined);
  if (left.length === 0) return unable(nothingLeft(settled));
  const relations = obtain(view, relationsCall(facts, settled, profile.findings));
  if (!relations.done) return relations.decision;
  const unanswered = relations.findings.target?.missing ?? 0;
  if (rows !== undefined && rows - unanswered < FEWEST_ROWS)
    return unable(tooFewAnswers(settled, rows - unanswered));
  const report = obtain(view, reportCall(view, facts, settled, relations.findings));
  if (!report.done) return report.decision;
  return finishEda(settled, profile.findings, relations.findings);
}

/** Fewer cannot be cut into three splits that say anything. */
const FEWEST_ROWS = 20;

const tooFewRows = (rows: number | undefined): string => {
  const said = rows === undefined ? 'The rows are' : `${counted(rows, 'row')} ${rows === 1 ? 'is' : 'are'}`;
  return `${said} too few; ${FEWEST_ROWS} or more are needed. Upload a table with more rows.`;
};

const tooFewAnswers = ({ target }: Settled, rows: number): string =>
  `Only ${counted(rows, 'row')} ${rows === 1 ? 'has' : 'have'} a value of \`${target.column.name}\`; ${FEWEST_ROWS} or more are needed. Fill in more of them, or name another target.`;

function nothingLeft({ target, drop }: Settled): string {
  const reasons = Object.entries(drop).map(([name, reason]) => `\`${name}\` is left out because ${reason}`);
  const why = reasons.length === 0 ? 'the table has no other column' : reasons.slice(0, 10).join('; ');
  const more = reasons.length > 10 ? `; and ${reasons.length - 10} more` : '';
  return `No usable column remains to predict \`${target.column.name}\` from: ${why}${more}. Add columns that can tell something, or name another target.`;
}

function profileCall(facts: Facts): ScriptCall<'eda_profile'> {
  return {
    name: 'eda_profile',
    title: 'Profile the table',
    say: `I start by looking at \`${facts.files[0]}\` itself: how it is read, what each column is, what is missing.`,
    wanted: {
      file: facts.files[0],
      encoding: null,
      delimiter: null,
      bad_lines: 'error',
      excluded_columns: facts.excluded_columns ?? [],
      sharing: facts.data_sharing ?? 'values',
      show_columns: 150,
    },
  };
}

function askForTarget(facts: Facts, columns: readonly Column[], objection: string): Decision {
  const usable = columns
    .filter((column) => objectionTo(column, undefined) === null)
    .map((column) => column.name);
  if (usable.length === 0 && facts.target == null) {
    const names = listed(columns.map((column) => column.name));
    return unable(
      `No usable column remains: none of ${names} can be predicted, each has one value at most, is a date, or differs in nearly every row. Upload a table with a column to predict.`,
    );
  }
  const wrong = facts.target != null ? `The target \`${facts.target}\` cannot be used: ${objection}. ` : '';
  return {
    do: 'ask',
    say: `${wrong}I cannot tell which column to predict.`,
    question: `${wrong}Which column should be predicted?`,
    choices: usable.slice(0, 20),
  };
}

function settle(
  facts: Facts,
  known: { target: TargetChoice; wishes: Wishes; columns: readonly Column[] },
): Settled {
  const { target, wishes, columns } = known;
  const others = columns.filter((column) => column.name !== target.column.name);
  const excluded = [...(facts.excluded_columns ?? []), ...wishes.excluded];
  const moments = others.find((column) => column.flags.includes('moments'));
  const drop: Record<string, string> = {};
  for (const column of others) {
    const reason = excluded.includes(column.name) ? 'it was excluded on request' : reasonToDrop(column);
    if (column.name === facts.split_column) drop[column.name] = 'it says which split a row belongs to';
    else if (reason !== null) drop[column.name] = reason;
  }
  const kept = others.filter((column) => drop[column.name] === undefined);
  return {
    target,
    wishes,
    drop,
    problem: problemOf(target.column, facts),
    zeroIsMissing: kept
      .filter((column) => column.flags.includes('zero_as_missing'))
      .map((column) => column.name),
    sentinels: sentinelsOf(kept),
    split: splitOf(facts, moments),
  };
}

function reasonToDrop(column: Column): string | null {
  if (column.flags.includes('constant')) return 'it has one value at most and can tell nothing';
  if (column.flags.includes('identifier')) return 'it is an identifier: nearly every row has its own value';
  if (column.flags.includes('nearly_empty')) return 'more than 95 % of it is missing';
  if (column.kind === 'text')
    return 'it is text with so many different values that little could be learned of each';
  return null;
}

function sentinelsOf(columns: readonly Column[]): Record<string, number> {
  const entries = columns.flatMap((column) => {
    const flag = column.flags.find((text) => text.startsWith('sentinel:'));
    return flag === undefined ? [] : [[column.name, Number(flag.slice('sentinel:'.length))] as const];
  });
  return Object.fromEntries(entries);
}

function splitOf(facts: Facts, moments: Column | undefined): Settled['split'] {
  if (facts.test_file) return { strategy: 'file', by: facts.test_file };
  if (facts.split_column) return { strategy: 'column', by: facts.split_column };
  if (moments) return { strategy: 'time', by: moments.name };
  return { strategy: 'stratified', by: null };
}

function relationsCall(
  facts: Facts,
  settled: Settled,
  profile: Findings<'eda_profile'>,
): ScriptCall<'eda_relations'> {
  const { target, problem, drop, zeroIsMissing, sentinels, split } = settled;
  const told = [
    `${counted(profile.rows, 'row')} and ${counted(profile.column_count, 'column')}.`,
    `I predict \`${target.column.name}\` (${problem}), because ${target.reason}.`,
  ];
  if (!profile.read.header) told.push('The file has no header line, so columns are named by their place.');
  if (Object.keys(drop).length > 0) told.push(`Not usable: ${listed(Object.keys(drop))}.`);
  if (zeroIsMissing.length > 0) told.push(`Zeros in ${listed(zeroIsMissing)} look like missing values.`);
  if (split.strategy === 'time')
    told.push(`Rows are moments in order of \`${split.by}\`: I will split by time.`);
  return {
    name: 'eda_relations',
    title: 'Compare each column with the target',
    say: `${told.join(' ')} Next: what does each column alone know of the target, and is any too good to be true?`,
    wanted: {
      target: target.column.name,
      problem_type: problem,
      drop,
      zero_is_missing: zeroIsMissing,
      sentinels,
      sharing: facts.data_sharing ?? 'values',
      seed: facts.seed ?? 42,
      max_rows: 5000,
      max_columns: 300,
    },
  };
}

function reportCall(
  view: StageView,
  facts: Facts,
  settled: Settled,
  relations: Findings<'eda_relations'>,
): ScriptCall<'eda_report'> {
  const leaks = Object.keys(relations.leaks);
  const metric = chooseMetric(facts, settled);
  const revision = view.validations.length;
  const leakText = leaks.map((name) => `\`${name}\` is ${relations.leaks[name]}`).join('; ');
  const told =
    leaks.length > 0 ? `Given away: ${leakText}. I drop that. ` : 'No column gives the target away. ';
  return {
    name: 'eda_report',
    title: 'Draw figures and write the report',
    say: `${revision > 0 ? 'Validation found something to mend; I write the report anew. ' : ''}${told}Now the figures and the report.`,
    wanted: {
      target: settled.target.column.name,
      target_reason: settled.target.reason,
      problem_type: settled.problem,
      ...metric,
      drop: settled.drop,
      leaks: relations.leaks,
      zero_is_missing: settled.zeroIsMissing,
      sentinels: settled.sentinels,
      drop_duplicates: relations.continuous > 0,
      split: settled.split,
      uncertain: uncertainties(settled),
      wishes: wishTexts(settled.wishes),
      sharing: facts.data_sharing ?? 'values',
      seed: facts.seed ?? 42,
      max_rows: 20_000,
      plain: revision > 1,
      ...(revision > 0 ? { revision } : {}),
    },
  };
}

function chooseMetric(facts: Facts, settled: Settled): { metric: string; metric_reason: string } {
  const given = settled.wishes.metric ?? (facts.metric == null ? null : readMetric(facts.metric));
  if (given !== null && metricFits(given, settled.problem))
    return { metric: given, metric_reason: 'it was asked for' };
  if (settled.problem === 'regression') {
    return {
      metric: 'r2',
      metric_reason: 'it says which share of the spread is explained, whatever the unit',
    };
  }
  if (settled.problem === 'binary') {
    return {
      metric: 'roc_auc',
      metric_reason: 'it judges the ranking of rows and does not hang on a threshold or on the balance',
    };
  }
  return {
    metric: 'accuracy',
    metric_reason: 'it is the share of rows named rightly; balanced accuracy stands beside it',
  };
}

function uncertainties(settled: Settled): string[] {
  const { target, problem, split } = settled;
  const told: string[] = [];
  if (target.guessed)
    told.push(
      `The target \`${target.column.name}\` is a guess (${target.reason}); name another one if it is wrong.`,
    );
  if (problem === 'multiclass' && target.column.kind === 'number') {
    told.push(
      `\`${target.column.name}\` holds ${target.column.distinct} whole numbers. They are taken for classes; if they are a scale, regression would fit better.`,
    );
  }
  if (problem === 'multiclass' && target.column.distinct > 20) {
    told.push(
      `\`${target.column.name}\` has ${target.column.distinct} classes: many are too rare to be learned.`,
    );
  }
  if (split.strategy === 'time')
    told.push(
      'Past values of the target are not used as inputs; for forecasting the next moment they would help.',
    );
  return told;
}

function wishTexts(wishes: Wishes): string[] {
  return [
    ...(wishes.target === null ? [] : [`predict \`${wishes.target}\``]),
    ...(wishes.metric === null ? [] : [`judge by ${wishes.metric}`]),
    ...(wishes.excluded.length === 0 ? [] : [`leave out ${listed(wishes.excluded)}`]),
  ];
}

function finishEda(
  settled: Settled,
  profile: Findings<'eda_profile'>,
  relations: Findings<'eda_relations'>,
): Decision {
  const leaks = Object.entries(relations.leaks).map(([name, how]) => `\`${name}\` (${how})`);
  const strongest = relations.strongest.map((item) => (typeof item === 'string' ? item : item[0]));
  const lines = [
    `${profile.read.file}: ${counted(profile.rows, 'row')}, ${counted(profile.column_count, 'column')}.`,
    `Target: \`${settled.target.column.name}\` (${settled.problem}), because ${settled.target.reason}.`,
    leaks.length > 0
      ? `Dropped because they give the target away: ${leaks.join(', ')}.`
      : 'No column gives the target away.',
    ...Object.entries(settled.drop).map(([name, reason]) => `Dropped \`${name}\`: ${reason}.`),
    ...(settled.zeroIsMissing.length > 0
      ? [`Zero is taken for missing in ${listed(settled.zeroIsMissing)} (uncertain).`]
      : []),
    ...(relations.suspects.length > 0
      ? [`Suspiciously strong but kept: ${listed(relations.suspects)}.`]
      : []),
    `Strongest single columns: ${listed(strongest.filter((name) => relations.leaks[name] === undefined).slice(0, 3))}.`,
    settled.split.strategy === 'time'
      ? `Rows are moments: split by time along \`${settled.split.by}\`.`
      : `Split: ${settled.split.strategy}.`,
    'Decisions are in eda/data/decisions.json, the report in eda/report.md.',
  ];
  return { do: 'finish', say: 'The exploration is done.', summary: lines.join('\n') };
}
