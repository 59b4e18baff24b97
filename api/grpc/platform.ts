/** The service tempera.v1.Platform: each method asks the same services as its REST route. */

import type { Endpoint } from '../../core/endpoints.ts';
import type { Principal } from '../../core/principal.ts';
import {
  EndpointKind,
  type ListEndpointsRequest,
  type ListEndpointsResponse,
  type Endpoint as Message,
  ProcessStatus,
} from '../../proto/generated/tempera/v1/endpoints.ts';
import type { PlatformServer } from '../../proto/generated/tempera/v1/platform.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { EndpointWatch } from '../services/endpoint-watch.ts';
import { listEndpoints } from '../services/endpoints.ts';
import { streaming, unary } from './calls.ts';
import { classificationCalls } from './classification.ts';
import { decisionCalls } from './decisions.ts';
import { METHOD_PERMISSIONS } from './permissions.ts';

export function platformService(
  dependencies: ApiDependencies,
  watch: EndpointWatch,
  closing: AbortSignal,
): PlatformServer {
  const { db, settings } = dependencies;
  return {
    ...decisionCalls(dependencies),
    ...classificationCalls(dependencies),
    healthCheck: unary(dependencies, METHOD_PERMISSIONS.healthCheck, async () => {
      const answers = await db.query('select 1').then(
        () => true,
        () => false, // told by the answer
      );
      return { status: answers ? 'healthy' : 'degraded', version: settings.version };
    }),
    listEndpoints: unary(
      dependencies,
      METHOD_PERMISSIONS.listEndpoints,
      async ({ principal }, request: ListEndpointsRequest) =>
        toResponse(await listEndpoints(dependencies, principal), request),
    ),
    watchEndpoints: streaming(
      dependencies,
      { permission: METHOD_PERMISSIONS.watchEndpoints, closing },
      async function* (principal: Principal, request: ListEndpointsRequest, signal) {
        for await (const list of watch.lists(principal, signal)) yield toResponse(list, request);
      },
    ),
  };
}

function toResponse(list: Endpoint[], { kind }: ListEndpointsRequest): ListEndpointsResponse {
  const listed = list.filter((each) => kind === EndpointKind.UNSPECIFIED || kindOf(each) === kind);
  return { endpoints: listed.map(toMessage) };
}

const KINDS = new Map(Object.entries(EndpointKind).map(([name, kind]) => [name.toLowerCase(), kind]));
const kindOf = ({ kind }: Endpoint): EndpointKind => KINDS.get(kind) ?? EndpointKind.UNSPECIFIED;

/** One endpoint as the proto has it; what is null over REST is unset or ''. */
export function toMessage(endpoint: Endpoint): Message {
  const { id, name, holder, gpu, isolation } = endpoint;
  return {
    id,
    kind: kindOf(endpoint),
    name,
    address: endpoint.address ?? '',
    status: ProcessStatus[endpoint.status],
    since: endpoint.since,
    lastHeartbeat: endpoint.last_heartbeat ?? undefined,
    reason: endpoint.reason ?? '',
    holder: holder
      ? { executionId: holder.execution_id, sessionId: holder.session_id, epoch: holder.epoch }
      : undefined,
    gpu: gpu
      ? {
          index: gpu.index,
          name: gpu.name,
          memoryTotalBytes: gpu.memory_total_bytes,
          memoryUsedBytes: gpu.memory_used_bytes,
          utilisationPercent: gpu.utilisation_percent,
        }
      : undefined,
    isolation: isolation ?? undefined,
  };
}
