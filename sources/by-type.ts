/** One port over all adapters: the source's type says which. */

import { TemperaError } from '../core/errors.ts';
import type { ColumnSources, OpenedSource, SourceType } from '../core/ports/column-sources.ts';

export function sourcesByType(adapters: Partial<Record<SourceType, ColumnSources>>): ColumnSources {
  function adapterOf({ type }: OpenedSource): ColumnSources {
    const adapter = adapters[type];
    if (adapter) return adapter;
    const readable = Object.keys(adapters).join(', ') || 'none';
    const message = `Sources of the type ${type} cannot be read here. Those that can: ${readable}.`;
    throw new TemperaError('INVALID_INPUT', message);
  }
  return {
    tables: async (source, page) => await adapterOf(source).tables(source, page),
    sample: async (source, table, sampleSize) => await adapterOf(source).sample(source, table, sampleSize),
    async probe(source) {
      try {
        return await adapterOf(source).probe(source);
      } catch (error) {
        return { ok: false, message: error instanceof Error ? error.message : String(error), tables: null };
      }
    },
  };
}
