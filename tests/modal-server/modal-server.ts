/**
 * A server that speaks Modal's protocol on loopback. Messages and service are the definition that Modal's SDK carries
 * and does not export: its own file is read with one more export, so the two can never differ.
 */

import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalSandbox } from './local-sandbox.ts';
import { type ModalState, modalCalls, type Refuse } from './modal-calls.ts';

const UNAUTHENTICATED = 16;

export interface ModalServerOptions {
  /** That are let in. */
  tokenId: string;
  tokenSecret: string;
  /** The Python that runs the host. */
  python: string;
  /** Further arguments of the host. Default: none. */
  hostArguments?: readonly string[];
  /** By which Modal's SDK is found. */
  require: NodeJS.Require;
}

export type ServedSandbox = LocalSandbox;
export type ModalServer = Awaited<ReturnType<typeof startModalServer>>;

/** Of a call to a server, what is looked at here. */
interface Call {
  method: { path: string };
  request: unknown;
  next(request: unknown, context: Context): AsyncGenerator<unknown, unknown>;
}
interface Context {
  metadata: { get(key: string): string | undefined };
}
/** Of the library that Modal's SDK brings with it, what is used here. */
interface Grpc {
  ServerError: new (code: number, details: string) => Error;
  createServer(options: Record<string, number>): {
    use(check: (call: Call, context: Context) => AsyncGenerator<unknown, unknown>): GrpcServer;
  };
}
interface GrpcServer {
  add(definition: ServiceDefinition, calls: Record<string, unknown>): void;
  listen(address: string): Promise<number>;
  forceShutdown(): void;
}
interface ServiceDefinition {
  methods: Record<string, { name: string; responseStream: boolean }>;
}

interface Fault {
  code: number;
  details: string;
  times: number;
}

export async function startModalServer({
  tokenId,
  tokenSecret,
  python,
  hostArguments = [],
  require,
}: ModalServerOptions) {
  const { definition, grpc } = sdkParts(require);
  const root = mkdtempSync(join(tmpdir(), 'tempera-modal-'));
  // children of the host, which have another uid, read the sources in it
  chmodSync(root, 0o755);
  const state: ModalState = {
    ...{ root, python, hostArguments, imageFailure: null, accessToken: 'access' },
    ...{ objects: new Map(), secrets: new Map(), images: new Map(), sandboxes: new Map() },
  };
  const requests: { name: string; request: unknown }[] = [];
  const faults = new Map<string, Fault>();
  const refuse: Refuse = (code, details) => new grpc.ServerError(code, details);
  const bare = grpc.createServer({ 'grpc.max_receive_message_length': 100 * 1024 * 1024 });
  const server = bare.use(async function* check(call, context) {
    const name = call.method.path.split('/').at(-1) ?? '';
    requests.push({ name, request: call.request });
    const fault = faults.get(name);
    if (fault && fault.times > 0) {
      fault.times -= 1;
      throw refuse(fault.code, fault.details);
    }
    const given = (key: string) => context.metadata.get(key);
    const known = given('x-modal-token-id') === tokenId && given('x-modal-token-secret') === tokenSecret;
    const access =
      name === 'AuthTokenGet' || String(given('x-modal-auth-token')).startsWith(state.accessToken);
    if (!known || !access) throw refuse(UNAUTHENTICATED, 'Token validation failed');
    return yield* call.next(call.request, context);
  });
  server.add(definition, withoutOthers(definition, modalCalls(state, refuse), refuse));
  const port = await server.listen('127.0.0.1:0');
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    /** The sandboxes that were made, in order. */
    sandboxes: () => [...state.sandboxes.values()],
    images: () => [...state.images.values()],
    /** The next `times` calls of this name fail with a gRPC status. */
    failNext(name: string, fault: Fault): void {
      faults.set(name, { ...fault });
    },
    /** Every build fails with this text; null: they do what they are told. */
    failImages(exception: string | null): void {
      state.imageFailure = exception;
    },
    async stop(): Promise<void> {
      server.forceShutdown();
      for (const sandbox of state.sandboxes.values()) {
        sandbox.terminate();
        await sandbox.ended();
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Every call of the definition must be there; those that the provider does not use say so. */
function withoutOthers(
  definition: ServiceDefinition,
  calls: Record<string, unknown>,
  refuse: Refuse,
): Record<string, unknown> {
  const entries = Object.entries(definition.methods).map(([name, method]) => {
    const known = calls[name];
    if (known) return [name, known];
    const answer = () => {
      throw refuse(12, `${method.name} is not served here`);
    };
    if (!method.responseStream) return [name, async () => answer()];
    return [
      name,
      async function* () {
        yield answer();
      },
    ];
  });
  return Object.fromEntries(entries);
}

/** Read once: it has megabytes. */
let parts: ReturnType<typeof readParts> | null = null;

function sdkParts(require: NodeJS.Require): ReturnType<typeof readParts> {
  parts ??= readParts(require);
  return parts;
}

function readParts(require: NodeJS.Require): { definition: ServiceDefinition; grpc: Grpc } {
  const path = require.resolve('modal');
  const text = readFileSync(path, 'utf8');
  const load = createRequire(path);
  const module = { exports: {} };
  const evaluate = new Function('module', 'exports', 'require', `${text}\nreturn ModalClientDefinition;`);
  return { definition: evaluate(module, module.exports, load), grpc: load('nice-grpc') };
}
