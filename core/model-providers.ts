/** The language-model providers that this release knows; which of them can be used is decided by what has a key. */

export const MODEL_PROVIDERS = ['autopilot', 'anthropic'] as const;
export type ModelProvider = (typeof MODEL_PROVIDERS)[number];

/** The provider of `provider/model`, or null where this release has none of that name. */
export function providerOf(model: string): ModelProvider | null {
  const [name] = model.split('/');
  return MODEL_PROVIDERS.find((provider) => provider === name) ?? null;
}
