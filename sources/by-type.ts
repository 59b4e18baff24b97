/** One port over all adapters: the source's type says which. */

import { TemperaError } from '../core/errors.ts';
import type { ColumnSources, OpenedSource, Probe, SourceType } from '../core/ports/column-sources.ts';

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
        return await inTime(adapterOf(source).probe(source));
      } catch (error) {
        return { ok: false, message: error instanceof Error ? error.message : String(error), tables: null };
      }
    },
  };
}

const PROBE_MILLISECONDS = 10_000;

/** Its answer, or that it has none by now. */
async function inTime(probe: Promise<Probe>): Promise<Probe> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Probe>((resolve) => {
    const message = `It did not answer within ${PROBE_MILLISECONDS / 1000} s.`;
    timer = setTimeout(() => resolve({ ok: false, message, tables: null }), PROBE_MILLISECONDS);
  });
  // what comes of it later is nobody's any more
  probe.catch(() => undefined);
  try {
    return await Promise.race([probe, late]);
  } finally {
    clearTimeout(timer);
  }
}
