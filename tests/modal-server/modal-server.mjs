/**
 * A server that speaks Modal's protocol on loopback. Messages and service are the definition that Modal's SDK carries
 * and does not export: its own file is read with one more export, so the two can never differ.
 */

import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modalCalls } from './modal-calls.mjs';

const UNAUTHENTICATED = 16;

/** @param options tokenId and tokenSecret that are let in; python that runs the host, with hostArguments besides */
export async function startModalServer({ tokenId, tokenSecret, python, hostArguments = [], require }) {
  const { definition, grpc } = sdkParts(require);
  const root = mkdtempSync(join(tmpdir(), 'tempera-modal-'));
  // children of the host, which have another uid, read the sources in it
  chmodSync(root, 0o755);
  const state = {
    ...{ root, python, hostArguments, imageFailure: null, accessToken: 'access' },
    ...{ objects: new Map(), secrets: new Map(), images: new Map(), sandboxes: new Map() },
  };
  const requests = [];
  const faults = new Map();
  const refuse = (code, details) => new grpc.ServerError(code, details);
  const bare = grpc.createServer({ 'grpc.max_receive_message_length': 100 * 1024 * 1024 });
  const server = bare.use(async function* check(call, context) {
    const name = call.method.path.split('/').pop();
    requests.push({ name, request: call.request });
    const fault = faults.get(name);
    if (fault && fault.times > 0) {
      fault.times -= 1;
      throw refuse(fault.code, fault.details);
    }
    const given = (key) => context.metadata.get(key);
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
    failNext: (name, code, details, times = 1) => faults.set(name, { code, details, times }),
    failImages: (exception) => {
      state.imageFailure = exception;
    },
    async stop() {
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
function withoutOthers(definition, calls, refuse) {
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
let parts = null;

function sdkParts(require) {
  parts ??= readParts(require);
  return parts;
}

function readParts(require) {
  const path = require.resolve('modal');
  const text = readFileSync(path, 'utf8');
  const load = createRequire(path);
  const module = { exports: {} };
  const evaluate = new Function('module', 'exports', 'require', `${text}\nreturn ModalClientDefinition;`);
  return { definition: evaluate(module, module.exports, load), grpc: load('nice-grpc') };
}
