/** The settings of an experiment as a form holds them, and what of them was changed. */

import type { DataSharing, Experiment, ProblemType } from '../../lib/api/types.ts';

export interface SettingsFields {
  name: string;
  description: string;
  instructions: string;
  /** Empty for none. */
  target: string;
  problem_type: ProblemType | '';
  metric: string;
  data_sharing: DataSharing;
}

export function settingsOf(experiment: Experiment): SettingsFields {
  return {
    name: experiment.name,
    description: experiment.description,
    instructions: experiment.instructions,
    target: experiment.target ?? '',
    problem_type: experiment.problem_type ?? '',
    metric: experiment.metric ?? '',
    data_sharing: experiment.data_sharing,
  };
}

/** What PATCH /api/experiments/:id is sent: the changed fields alone, null where a choice was taken away. */
export function settingsChange(
  experiment: Experiment,
  fields: SettingsFields,
): Record<string, string | null> {
  const before: Record<string, string> = { ...settingsOf(experiment) };
  const change: Record<string, string | null> = {};
  for (const [name, value] of Object.entries({ ...fields })) {
    if (value === before[name]) continue;
    const mayBeNone = ['target', 'problem_type', 'metric'].includes(name);
    change[name] = value === '' && mayBeNone ? null : value;
  }
  return change;
}
