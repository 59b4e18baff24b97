/** Names of models that may have been meant. */

const MOST = 4;

/** Up to four ids on offer, those that share most parts of their name with `wanted` first. */
export function nearestModels(requested: string, models: readonly { id: string }[]): string[] {
  const parts = new Set(requested.toLowerCase().split(/[-.@/]/));
  const shared = (id: string) =>
    id
      .toLowerCase()
      .split(/[-.@/]/)
      .filter((part) => parts.has(part)).length;
  return models
    .map(({ id }) => ({ id, likeness: shared(id) }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, MOST)
    .map(({ id }) => id);
}
