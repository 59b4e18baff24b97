import type { PlatformStatus } from '../../lib/api/types.ts';

export interface ModelChoice {
  /** provider/model; empty for the platform's own choice. */
  value: string;
  label: string;
  tells: string;
}

const OFFLINE = 'autopilot/standard';

/** Who can do the work: what the platform takes by itself first, the offline autopilot always. */
export function modelChoices(status: PlatformStatus | undefined): ModelChoice[] {
  const usual = status?.models.default;
  const choices: ModelChoice[] = [
    { value: '', label: usual ? `${usual} (usual)` : 'The usual model', tells: tellsOf(usual ?? '') },
  ];
  const others = [status?.config.agent_model, OFFLINE].filter(
    (model) => model !== undefined && model !== usual,
  );
  for (const model of new Set(others)) {
    if (model) choices.push({ value: model, label: model, tells: tellsOf(model) });
  }
  return choices;
}

function tellsOf(model: string): string {
  if (model.startsWith('autopilot/')) return 'Works offline by fixed playbooks: free, the same each time.';
  if (model === '') return 'What the platform is set to.';
  return 'A language model: reads your instructions, costs what it uses.';
}
