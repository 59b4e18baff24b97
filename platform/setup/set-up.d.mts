import type { Places } from './places.d.mts';
import type { Progress, ShownStep } from './progress.d.mts';

export interface SetUpStep {
  name: string;
  title: string;
  large?: boolean;
  after: readonly string[];
  isDone: () => boolean;
  run: (shown: ShownStep) => Promise<string | undefined>;
}
export function setUp(places: Places, progress: Progress): Promise<void>;
export function runSteps(steps: readonly SetUpStep[], progress: Progress): Promise<void>;
