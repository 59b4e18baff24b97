/** The platform's gRPC server beside REST, in the same process and with the same access rules. */

import { Server, ServerCredentials } from '@grpc/grpc-js';
import { inUrl } from '../../config/index.ts';
import { HealthService } from '../../proto/generated/grpc/health/v1/health.ts';
import { ServerReflectionService } from '../../proto/generated/grpc/reflection/v1/reflection.ts';
import { PlatformService } from '../../proto/generated/tempera/v1/platform.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { EndpointWatch } from '../services/endpoint-watch.ts';
import { healthService } from './health.ts';
import { platformService } from './platform.ts';
import { REFLECTION_V1ALPHA, reflectionService } from './reflection.ts';

const PLATFORM = 'tempera.v1.Platform';
const SERVICES = [PLATFORM, 'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection'];
/** Bytes of a request; many decisions changed at once are the largest. */
const LARGEST_REQUEST = 1024 * 1024;
/** Calls that one connection may have open. */
const MOST_CALLS = 100;
const CLOSE_MILLISECONDS = 2_000;

export interface GrpcServer {
  /** host:port it listens on. */
  address: string;
  close(): Promise<void>;
}

/** @throws when the port is taken */
export async function startGrpcServer(
  dependencies: ApiDependencies,
  watch: EndpointWatch,
): Promise<GrpcServer> {
  const { host, grpcPort } = dependencies.settings;
  const closing = new AbortController();
  const server = new Server({
    'grpc.max_receive_message_length': LARGEST_REQUEST,
    'grpc.max_concurrent_streams': MOST_CALLS,
  });
  const reflection = reflectionService(SERVICES);
  server.addService(PlatformService, { ...platformService(dependencies, watch, closing.signal) });
  server.addService(HealthService, { ...healthService([PLATFORM], closing.signal) });
  server.addService(ServerReflectionService, { ...reflection });
  server.addService(REFLECTION_V1ALPHA, { ...reflection });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${inUrl(host)}:${grpcPort}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `${inUrl(host)}:${port}`,
    async close() {
      closing.abort();
      const late = setTimeout(() => server.forceShutdown(), CLOSE_MILLISECONDS);
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      clearTimeout(late);
    },
  };
}
