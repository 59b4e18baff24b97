/** Connections that a test has opened itself, by name. */

import { TemperaError } from '../../core/errors.ts';
import type { OpenedSource, SourceType } from '../../core/ports/column-sources.ts';
import type { Connections, OpenedConnection } from '../../core/ports/connections.ts';

export function connectionsOf(...connections: OpenedConnection[]): Connections {
  return {
    async open(name) {
      const found = connections.find((connection) => connection.name === name);
      if (found === undefined) throw new TemperaError('NOT_FOUND', `There is no connection [${name}].`);
      return found;
    },
  };
}

/** A source of a type; what is not given is empty. */
export const sourceOf = (type: SourceType, given: Partial<OpenedSource> = {}): OpenedSource => ({
  ...{ id: 'test', type, uri: '', connection: null, files: [] },
  ...given,
});
