/** grpc.health.v1 of the api process: it serves as long as it answers, and tells nothing else. */

import { status } from '@grpc/grpc-js';
import {
  type HealthServer,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../proto/generated/grpc/health/v1/health.ts';

const LONGEST_SHOWN = 200;

export function healthService(services: readonly string[], closing: AbortSignal): HealthServer {
  const isKnown = (service: string) => service === '' || services.includes(service);
  return {
    check({ request: { service } }, callback) {
      if (isKnown(service)) callback(null, { status: Serving.SERVING });
      else {
        const details = `There is no service [${service.slice(0, LONGEST_SHOWN)}] here.`;
        callback({ code: status.NOT_FOUND, details });
      }
    },
    watch(call) {
      call.write({ status: isKnown(call.request.service) ? Serving.SERVING : Serving.SERVICE_UNKNOWN });
      const end = () => {
        call.write({ status: Serving.NOT_SERVING });
        call.end();
      };
      closing.addEventListener('abort', end);
      call.on('cancelled', () => closing.removeEventListener('abort', end));
    },
  };
}
