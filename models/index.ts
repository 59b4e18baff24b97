/** Language-model providers behind one interface; which of them exist is decided by what has a key. */

import type { ModelProvider } from '../core/model-providers.ts';
import type { LanguageModel, LanguageModels } from '../core/ports/model.ts';
import { type AnthropicOptions, createAnthropic } from './anthropic/index.ts';
import { createAutopilot, createThreadedAutopilot } from './autopilot/index.ts';

export interface LanguageModelOptions {
  /** The folder `sandbox/playbooks`, from which the offline model takes its scripts. */
  playbooksFolder: string;
  /** The bundled file of the offline model's thread. Default: it computes where it is asked. */
  autopilotThread?: string;
  /** Claude, where a key is set. Default: not offered. */
  anthropic?: AnthropicOptions | undefined;
}

/** The providers by name: `autopilot` always, others as configured. A session's model is `provider/model`. */
export function createLanguageModels(options: LanguageModelOptions): LanguageModels {
  const { autopilotThread: program, playbooksFolder } = options;
  const autopilot =
    program === undefined
      ? createAutopilot({ playbooksFolder })
      : createThreadedAutopilot(program, { playbooksFolder });
  const models = new Map<ModelProvider, LanguageModel>([['autopilot', autopilot]]);
  if (options.anthropic) models.set('anthropic', createAnthropic(options.anthropic));
  return models;
}
