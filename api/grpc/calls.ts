/**
 * What every call of the gRPC service goes through: who calls, by the same rule as over REST, and how an error is told:
 * the status of the one table of codes, with a google.rpc.ErrorInfo whose reason is the code.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import {
  Metadata,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { Permission } from '../../core/access/permissions.ts';
import { assertAllowed } from '../../core/access/policies.ts';
import type { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { assertAccess } from '../http/access.ts';
import { toTemperaError } from '../http/problem.ts';

type Caller = Pick<ApiDependencies, 'authenticate' | 'policies' | 'settings'>;
type AnyCall = { metadata: Metadata; getHost(): string };

/** Who calls, and the call's metadata as a request over REST has its headers. */
export interface Called {
  principal: Principal;
  headers: IncomingHttpHeaders;
}

/** Who calls. @throws TemperaError WRONG_HOST, WRONG_ORIGIN, UNAUTHENTICATED, FORBIDDEN */
async function callerOf(
  { authenticate, policies, settings }: Caller,
  permission: Permission,
  call: AnyCall,
): Promise<Called> {
  const texts = Object.entries(call.metadata.getMap()).map(([name, value]) => [name, value.toString()]);
  const headers: IncomingHttpHeaders = { ...Object.fromEntries(texts), host: call.getHost() };
  assertAccess(headers, settings);
  const principal = await authenticate({ headers });
  assertAllowed(policies.current(), principal, permission);
  return { principal, headers };
}

/** A method that answers once, those whose role has the permission. */
export function unary<Q, R>(
  caller: Caller,
  permission: Permission,
  answer: (called: Called, request: Q) => Promise<R>,
) {
  return (call: ServerUnaryCall<Q, R>, callback: sendUnaryData<R>): void => {
    callerOf(caller, permission, call)
      .then((called) => answer(called, call.request))
      .then((response) => callback(null, response))
      .catch((error: unknown) => callback(toServiceError(error)));
  };
}

/** A method that answers on and on. A slow reader is waited for: the next answer is made when it has taken the last. */
export function streaming<Q, R>(
  caller: Caller,
  { permission, closing }: { permission: Permission; closing: AbortSignal },
  answers: (principal: Principal, request: Q, signal: AbortSignal) => AsyncIterable<R>,
) {
  return (call: ServerWritableStream<Q, R>): void => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, closing]);
    const send = async () => {
      const { principal } = await callerOf(caller, permission, call);
      for await (const answer of answers(principal, call.request, signal)) {
        if (signal.aborted) break;
        if (!call.write(answer)) await drained(call, signal);
      }
    };
    send()
      .then(() => call.end())
      .catch((error: unknown) => call.emit('error', toServiceError(error)));
  };
}

function drained<Q, R>(call: ServerWritableStream<Q, R>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.on('drain', done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

export function toServiceError(thrown: unknown): ServiceError {
  const error = toTemperaError(thrown);
  const { grpc, http, title } = error.kind;
  const message = http >= 500 ? title : error.message;
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(detailsOf(error, grpc, message)));
  return Object.assign(new Error(message), { code: codeOf(grpc), details: message, metadata });
}

const codeOf = (number: number): status => (number in status ? (number as status) : status.INTERNAL);

/** A google.rpc.Status with one ErrorInfo; the numbers are those of google/rpc/status.proto and error_details.proto. */
function detailsOf(error: TemperaError, code: number, message: string): Uint8Array {
  const info = new BinaryWriter().uint32(10).string(error.code).uint32(18).string('tempera');
  for (const [key, value] of Object.entries(error.details)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    info.uint32(26).fork().uint32(10).string(key).uint32(18).string(text).join();
  }
  const any = new BinaryWriter().uint32(10).string('type.googleapis.com/google.rpc.ErrorInfo');
  any.uint32(18).bytes(info.finish());
  const whole = new BinaryWriter().uint32(8).int32(code).uint32(18).string(message);
  return whole.uint32(26).bytes(any.finish()).finish();
}
