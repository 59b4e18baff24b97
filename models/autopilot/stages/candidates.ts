/** Which models are compared, and how often: by the size of the table and what the person wants. */

import type { Findings } from '../facts.ts';
import type { Wishes } from '../reading/wishes.ts';

/** Above this many transformed columns machines with kernels and forests take too long. */
const MANY_COLUMNS = 300;
/** Above this many classes boosting, which fits a tree a class and round, takes too long. */
const MANY_CLASSES = 12;

type Splits = Findings<'train_look'>;
type Requested = Pick<Wishes, 'model' | 'withoutModels' | 'effort'>;

/** Few and different: a dummy, a simple model, then what the size of the table allows and the person wants. */
export function candidatesFor(splits: Splits, { model, withoutModels, effort }: Requested): string[] {
  const simple = ['dummy', 'linear', ...(splits.long_tail ? ['log_linear'] : [])];
  const usual = effort === 'simpler' ? simple : [...simple, ...largerFor(splits, effort)];
  const allowed = (names: readonly string[]) => names.filter((name) => !withoutModels.includes(name));
  const requested = allowed(usual);
  if (model !== null && !requested.includes(model)) requested.push(model);
  if (requested.some(isModel)) return requested;
  const others = allowed(['dummy', ...largerFor(splits, null), 'forest']);
  return others.some(isModel) ? others : simple;
}

const isModel = (name: string): boolean => name !== 'dummy';

function largerFor(splits: Splits, effort: Wishes['effort']): string[] {
  const wide = splits.transformed > MANY_COLUMNS;
  const boosting = (splits.classes ?? 2) <= MANY_CLASSES ? ['boosting'] : [];
  if (splits.size === 'large' || effort === 'faster') return boosting.length > 0 ? boosting : ['forest'];
  if (splits.size === 'medium') return [...(wide ? [] : ['forest']), ...boosting];
  return [...(wide ? [] : ['kernel']), 'extra_trees', ...boosting];
}

/** How often the folds are dealt anew. */
export function repeatsFor({ size }: Splits, { effort }: Requested): number {
  if (effort === 'faster') return 1;
  const usual = size === 'small' ? 2 : 1;
  return effort === 'careful' ? 2 * usual : usual;
}
