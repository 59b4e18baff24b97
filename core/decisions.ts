/**
 * The ledger of decisions: what was chosen rather than given, each a row that can be seen, asked about and changed.
 *
 * 1. In force is, of each key, the latest row by position among the person's and those of stage runs that are current.
 * 2. A run is current while it is not stale and no later run of its stage is done.
 * 3. A script's row counts once its step is done; it goes with a lost execution.
 * 4. A row that yields says what a script would have decided, where a person or an earlier stage had decided already.
 * 5. A queued row is a person's change that waits for the end of the stage that runs.
 * 6. What was kept from another session holds as a person's does, whoever had decided it there; what of it does not fit
 *    the table is a row that never counts.
 * 7. A row that withdraws takes the person's decision back: what is in force is the agent's own choice again.
 * Pure: rows are the memory, nothing of this is stored.
 */

import { z } from 'zod';
import { LimitsSchema } from './limits.ts';
import type { StageRun, Step } from './records.ts';
import { STAGES, type Stage } from './stages.ts';

export const DECIDERS = ['agent', 'person', 'rule', 'default'] as const;
export type Decider = (typeof DECIDERS)[number];

/** What a row is to the ledger; only the first counts. */
export const STANDINGS = [
  'in_force',
  'superseded', // a later row has its key
  'proposed', // its step still runs
  'dropped', // its step did not end well
  'former', // its stage has run again
  'stale', // an earlier stage has run again
  'yielded',
  'unfit', // kept from another session, but not possible with this table
  'queued',
  'withdrawn', // a person has taken their decision back by it
] as const;
export type Standing = (typeof STANDINGS)[number];

const id = z.string();
const stage = z.enum(STAGES);

const AlternativeSchema = z.object({
  value: z.unknown(),
  /** What it would change, in a sentence. */
  changes: z.string(),
});

/** Characters of a key, bytes of a value's JSON, characters of a sentence, how many alternatives, bytes of evidence. */
export const LONGEST_KEY = 200;
export const LARGEST_VALUE = 4096;
export const LONGEST_REASON = 1000;
export const MOST_ALTERNATIVES = 20;
export const LARGEST_EVIDENCE = 16 * 1024;
export const KEY = /^[a-z][a-z0-9_]*(\.[\p{L}\p{N}_]+)*$/u;

export const isDecisionKey = (text: string): boolean => text.length <= LONGEST_KEY && KEY.test(text);

const key = z.string().refine(isDecisionKey);
/** Characters as people count them: an emoji is one. */
const sentence = z.string().refine((text) => [...text].length <= LONGEST_REASON);
const sized = <T extends z.ZodType>(schema: T, most: number) =>
  schema.refine((value) => new TextEncoder().encode(JSON.stringify(value ?? null)).length <= most);

/** What a script or an agent says that it decides; who it was is the platform's word. */
export const ProposalSchema = z.strictObject({
  key,
  value: sized(z.json(), LARGEST_VALUE),
  reason: sentence.default(''),
  alternatives: z
    .array(z.strictObject({ value: sized(z.json(), LARGEST_VALUE), changes: sentence.default('') }))
    .max(MOST_ALTERNATIVES)
    .default([]),
  evidence: sized(z.record(z.string(), z.json()), LARGEST_EVIDENCE).nullable().default(null),
  confidence: z.number().min(0).max(1).nullable().default(null),
});
export type Proposal = z.infer<typeof ProposalSchema>;

/** On what a script's value rests, as the SDK says it: evidence was weighed, a fixed rule decided, nothing spoke. */
const BASES = ['agent', 'rule', 'default'] as const satisfies Decider[];
/** What travels from a script. */
export const ScriptProposalSchema = ProposalSchema.extend({ basis: z.enum(BASES).default('agent') });
export type ScriptProposal = z.infer<typeof ScriptProposalSchema>;

export const DecisionSchema = z.object({
  id,
  session_id: id,
  /** In which it was decided; of a person's: which it concerns first. Null where it concerns none. */
  stage: stage.nullable(),
  /** Null for what a person decided: no run makes it stale. */
  run: z.number().int().nullable(),
  /** Dotted: `target`, `split.by`, `column.age.use`. */
  key: z.string(),
  value: z.unknown(),
  alternatives: z.array(AlternativeSchema),
  /** One sentence. */
  reason: z.string(),
  /** Numbers, a figure or a query that it rests on. */
  evidence: z.record(z.string(), z.unknown()).nullable(),
  /** From 0 to 1. */
  confidence: z.number().nullable(),
  by: z.enum(DECIDERS),
  /** The person takes back what they had decided: the agent's own choice counts again. */
  withdraws: z.boolean(),
  step_id: id.nullable(),
  /** The session that had decided it, and with whose decisions this one began. */
  inherited_from: id.nullable(),
  /** A safe choice of the platform's, made so that work could go on; a person has yet to confirm it. */
  to_confirm: z.boolean(),
  position: z.number(),
  standing: z.enum(STANDINGS),
  /** The row that took its key over. */
  superseded_by: id.nullable(),
  created_at: z.string(),
});
export type Decision = z.infer<typeof DecisionSchema>;

/** A row as it is stored, with how its step stands. */
export interface LedgerRow extends Omit<Decision, 'standing' | 'superseded_by'> {
  yields: boolean;
  queued: boolean;
  /** What a person changed at once bears one id; null for what was given or decided by others. */
  change: string | null;
  /** The change that this row takes back; null where it takes none back. */
  undoes: string | null;
  /** Null where no step wrote it. */
  step_state: Step['state'] | null;
}

/** What is decided anew when a key's value changes begins with this stage. */
const FIRST_STAGES = new Map<string, Stage>(
  Object.entries({
    ...{ target: 'eda', problem: 'eda', 'target.meaning': 'eda' },
    ...{ 'rows.left_out': 'eda', 'rows.repeats': 'prep' },
    ...{ 'split.strategy': 'prep', 'split.by': 'prep', 'split.test_file': 'prep' },
    ...{ metric: 'train', 'model.choice': 'train', threshold: 'train' },
  } as const),
);
/** Of `column.{key}.…`. A kind and what stands for missing are how the table is read: everything rests on them. */
const FIRST_STAGES_OF_COLUMNS = new Map<string, Stage>(
  Object.entries({
    ...{ kind: 'eda', missing: 'eda', decimal: 'eda', date_order: 'eda', currencies: 'eda' },
    ...{ use: 'prep', features: 'prep' },
  } as const),
);
/** A limit makes nothing anew. */
const BUDGETS = Object.keys(LimitsSchema.shape).map((limit) => `budget.${limit}`);
/** Keys that the platform knows, those of a column with `*` in its place; a script may decide any other. */
export const KNOWN_KEYS: readonly string[] = [
  ...FIRST_STAGES.keys(),
  ...[...FIRST_STAGES_OF_COLUMNS.keys()].map((about) => `column.*.${about}`),
  ...BUDGETS,
];
const COLUMN = /^column\.([^.]+)\.([a-z_]+)$/u;

/**
 * The stage that a changed value concerns first. Null where it concerns none; undefined for a key that only the script
 * knows which decided it.
 */
export function firstStage(key: string): Stage | null | undefined {
  if (BUDGETS.includes(key)) return null;
  const about = COLUMN.exec(key)?.[2];
  return about === undefined ? FIRST_STAGES.get(key) : FIRST_STAGES_OF_COLUMNS.get(about);
}

/** The rows in their order, each with its standing among them. */
export function readLedger(rows: readonly LedgerRow[], runs: readonly StageRun[]): Decision[] {
  const places = runPlaces(runs);
  const followers = new Map<string, string>();
  const persons = new Map<string, string>();
  const read = ({ yields, queued, step_state, change, undoes, ...row }: LedgerRow): Decision => {
    const alone = standingAlone({ ...row, yields, queued, step_state, change, undoes }, places);
    if (alone !== 'in_force') return { ...row, standing: alone, superseded_by: null };
    const follower = row.withdraws ? undefined : followers.get(row.key);
    const taken = isSettled(row) ? persons.get(row.key) : undefined;
    if (isSettled(row)) persons.set(row.key, row.id);
    // what was withdrawn follows nothing: an earlier choice of the agent's counts
    if (!row.withdraws && (follower !== undefined || taken === undefined)) followers.set(row.key, row.id);
    const by = follower ?? taken ?? null;
    if (by !== null) return { ...row, standing: 'superseded', superseded_by: by };
    return { ...row, standing: row.withdraws ? 'withdrawn' : 'in_force', superseded_by: null };
  };
  // from the latest on, so that what follows a row is known when it is read
  const ledger = rows
    .toSorted((one, other) => other.position - one.position)
    .map(read)
    .reverse();
  return withOwnChoices(ledger, runs);
}

/** True for what no stage decides otherwise: the person's, and what was kept from another session. */
export function isSettled({ by, inherited_from }: Pick<Decision, 'by' | 'inherited_from'>): boolean {
  return by === 'person' || inherited_from !== null;
}

/** The ledger where what yielded to a decision that was withdrawn counts, unless something else does. */
function withOwnChoices(ledger: readonly Decision[], runs: readonly StageRun[]): Decision[] {
  const withdrawn = withdrawnKeys(ledger);
  if (withdrawn.size === 0) return [...ledger];
  const decided = inForce(ledger);
  const own = new Set(
    [...withdrawn].flatMap((key) => (decided.has(key) ? [] : (ownChoice({ ledger, runs }, key)?.id ?? []))),
  );
  return ledger.map((row) => (own.has(row.id) ? { ...row, standing: 'in_force' } : row));
}

/**
 * What others than the person have chosen and would be in force without the person's decision: a script's row that
 * yielded with another value says what it would have decided. Undefined where nobody has chosen.
 */
export function ownChoice(
  { ledger, runs }: { ledger: readonly Decision[]; runs: readonly StageRun[] },
  key: string,
): Decision | undefined {
  const rows = ledger.filter((row) => row.key === key);
  const others = rows.filter((row) => !isSettled(row));
  const chosen = others.findLast(({ standing }) => standing === 'in_force' || standing === 'superseded');
  if (chosen !== undefined) return chosen;
  const places = runPlaces(runs);
  const yielded = others.filter(
    (row) => row.standing === 'yielded' && places.get(placeOf(row)) === null && !echoes(row, rows),
  );
  const first = STAGES.find((each) => yielded.some((row) => row.stage === each));
  return yielded.findLast((row) => row.stage === first);
}

/** True where a script only said what the person had said before. */
function echoes({ value, position }: Decision, rows: readonly Decision[]): boolean {
  const spoken = rows.findLast((row) => isSettled(row) && row.position < position);
  return JSON.stringify(spoken?.value) === JSON.stringify(value);
}

/** Keys of which the person has taken back what they had decided or given, and has decided nothing since. */
export const withdrawnKeys = (ledger: readonly Decision[]): Set<string> =>
  new Set(ledger.filter(({ standing }) => standing === 'withdrawn').map(({ key }) => key));

/**
 * True for a decision that a script of `stage` has to follow: what is settled, or an earlier stage's. The SDK judges
 * alike (sandbox/tempera/_decisions.py).
 */
export function binds(decision: Pick<Decision, 'by' | 'stage' | 'inherited_from'>, of: Stage): boolean {
  if (isSettled(decision)) return true;
  return decision.stage !== null && STAGES.indexOf(decision.stage) < STAGES.indexOf(of);
}

/** What counts, by key. */
export function inForce(decisions: readonly Decision[]): Map<string, Decision> {
  return new Map(
    decisions.filter(({ standing }) => standing === 'in_force').map((decision) => [decision.key, decision]),
  );
}

/** Of each run, what makes its rows count no more. */
type RunPlaces = ReadonlyMap<string, 'stale' | 'former' | null>;

const placeOf = ({ stage: name, run }: { stage: Stage | null; run: number | null }): string =>
  `${name}/${run}`;

function runPlaces(runs: readonly StageRun[]): RunPlaces {
  const lastDone = new Map<Stage, number>();
  for (const { stage: name, run, state } of runs)
    if (state === 'done') lastDone.set(name, Math.max(run, lastDone.get(name) ?? 0));
  return new Map(
    runs.map((each) => {
      const isFormer = each.run < (lastDone.get(each.stage) ?? 0);
      return [placeOf(each), each.stale ? 'stale' : isFormer ? 'former' : null];
    }),
  );
}

/** As the row stands whatever others there are. */
function standingAlone(row: LedgerRow, places: RunPlaces): Standing {
  if (row.queued) return 'queued';
  if (row.yields) return row.inherited_from === null ? 'yielded' : 'unfit';
  if (row.step_state === 'running') return 'proposed';
  if (row.step_state !== null && row.step_state !== 'done') return 'dropped';
  if (row.run === null) return 'in_force';
  return places.get(placeOf(row)) ?? 'in_force';
}
