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
import type { AuditResult } from '../../core/audit.ts';
import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { isReading, REFUSED } from '../audit/audited-requests.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { assertAccess } from '../http/access.ts';
import { toTemperaError } from '../http/problem.ts';
import { admit } from '../limits/rate-limits.ts';

type Caller = Pick<
  ApiDependencies,
  'audit' | 'authenticate' | 'credentials' | 'db' | 'limitsOf' | 'policies' | 'settings'
>;
type AnyCall = { metadata: Metadata; getHost(): string; getPath(): string };

/** Who calls, and the call's metadata as a request over REST has its headers. */
export interface Called {
  principal: Principal;
  headers: IncomingHttpHeaders;
}

/** A call with the permission that its method asks for, and who was found to be calling. */
interface Calling {
  call: AnyCall & { request?: unknown };
  permission: Permission;
  principal: Principal | null;
}

/** Who calls, once the call is counted. @throws TemperaError UNAUTHENTICATED, FORBIDDEN, LIMIT_REACHED, … */
async function admitted(caller: Caller, calling: Calling): Promise<Called> {
  const { authenticate, policies, settings } = caller;
  const { call, permission } = calling;
  const texts = Object.entries(call.metadata.getMap()).map(([name, value]) => [name, value.toString()]);
  const headers: IncomingHttpHeaders = { ...Object.fromEntries(texts), host: call.getHost() };
  assertAccess(headers, settings);
  const principal = await authenticate({ headers });
  calling.principal = principal;
  assertAllowed(policies.current(), principal, permission);
  await admit(caller, principal, {});
  return { principal, headers };
}

/** Does the work of a call; one that changes something, or is refused, is written into the audit. */
async function audited<T>({ audit }: Caller, calling: Calling, work: () => Promise<T>): Promise<T> {
  const action = calling.call.getPath();
  const changes = !isReading(calling.permission);
  const write = (result: AuditResult, code: string | null) =>
    audit.record({
      ...{ principal: calling.principal, action, result, code },
      details: { request: calling.call.request },
    });
  try {
    const done = await work();
    if (changes) write('ok', null);
    return done;
  } catch (error) {
    const { code, kind } = toTemperaError(error);
    if (REFUSED.has(kind.http)) write('refused', code);
    else if (changes) write('failed', code);
    throw error;
  }
}

/** A method that answers once, those whose role has the permission. */
export function unary<Q, R>(
  caller: Caller,
  permission: Permission,
  answer: (called: Called, request: Q) => Promise<R>,
) {
  return (call: ServerUnaryCall<Q, R>, callback: sendUnaryData<R>): void => {
    const calling: Calling = { call, permission, principal: null };
    audited(caller, calling, async () => answer(await admitted(caller, calling), call.request))
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
    const send = async () => {
      const { principal } = await admitted(caller, calling);
      const key = caller.credentials.follow(principal);
      const signal = AbortSignal.any([gone.signal, closing, key.signal]);
      try {
        for await (const answer of answers(principal, call.request, signal)) {
          if (signal.aborted) break;
          if (!call.write(answer)) await drained(call, signal);
        }
      } finally {
        key.release();
      }
      if (key.signal.aborted)
        throw new TemperaError('UNAUTHENTICATED', 'The key was taken back or has ended.');
    };
    const calling: Calling = { call, permission, principal: null };
    audited(caller, calling, send)
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

/**
 * A google.rpc.Status with an ErrorInfo, and a RetryInfo where waiting helps; the numbers are those of
 * google/rpc/status.proto and error_details.proto.
 */
function detailsOf(error: TemperaError, code: number, message: string): Uint8Array {
  const info = new BinaryWriter().uint32(10).string(error.code).uint32(18).string('tempera');
  for (const [key, value] of Object.entries(error.details)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    info.uint32(26).fork().uint32(10).string(key).uint32(18).string(text).join();
  }
  const any = new BinaryWriter().uint32(10).string('type.googleapis.com/google.rpc.ErrorInfo');
  any.uint32(18).bytes(info.finish());
  const whole = new BinaryWriter().uint32(8).int32(code).uint32(18).string(message);
  whole.uint32(26).bytes(any.finish());
  if (error.retryAfter !== undefined) whole.uint32(26).bytes(retryInfo(error.retryAfter));
  return whole.finish();
}

/** A google.rpc.RetryInfo: when to come back. */
function retryInfo(seconds: number): Uint8Array {
  const duration = new BinaryWriter().uint32(8).int64(Math.ceil(seconds)).finish();
  const info = new BinaryWriter().uint32(10).bytes(duration).finish();
  const any = new BinaryWriter().uint32(10).string('type.googleapis.com/google.rpc.RetryInfo');
  return any.uint32(18).bytes(info).finish();
}
