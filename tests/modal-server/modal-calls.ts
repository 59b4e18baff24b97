/** What each call of Modal's API that the provider uses answers. Names are those of the SDK's own definition. */

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { buildLayer } from './local-image.ts';
import { type Definition, LocalSandbox, STATUS } from './local-sandbox.ts';

/** Kinds of GPU that this server has. */
const GPUS = ['T4', 'L4', 'A100', 'H100'];
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const GRPC = { invalid: 3, notFound: 5, exists: 6 };
const fresh = (prefix: string): string =>
  `${prefix}-${[...randomBytes(22)].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;

/** What the server holds. */
export interface ModalState {
  root: string;
  python: string;
  hostArguments: readonly string[];
  /** every build fails with it; null: they do what they are told */
  imageFailure: string | null;
  accessToken: string;
  /** ids of apps and volumes by kind and name */
  objects: Map<string, string>;
  secrets: Map<string, Record<string, string>>;
  images: Map<string, { id: string; commands: string[]; built: boolean }>;
  sandboxes: Map<string, LocalSandbox>;
}

/** Makes a gRPC error. */
export type Refuse = (code: number, details: string) => Error;

/** @param state what the server holds */
export function modalCalls(state: ModalState, refuse: Refuse) {
  const named = (kind: string, prefix: string) => (name: string) => {
    const key = `${kind}/${name}`;
    const made = state.objects.get(key) ?? fresh(prefix);
    state.objects.set(key, made);
    return made;
  };
  const appId = named('app', 'ap');
  const volumeId = named('volume', 'vo');
  const sandbox = ({ sandboxId }: { sandboxId: string }): LocalSandbox => {
    const found = state.sandboxes.get(sandboxId);
    if (!found) throw refuse(GRPC.notFound, `Sandbox ${sandboxId} not found`);
    return found;
  };
  const running = (name: string | undefined): LocalSandbox | undefined =>
    [...state.sandboxes.values()].find((each) => each.definition.name === name && each.result === null);
  return {
    async authTokenGet() {
      const claims = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3600 }));
      return { token: `${state.accessToken}.${claims.toString('base64url')}.signature` };
    },
    async environmentGetOrCreate({ deploymentName }: { deploymentName: string }) {
      const settings = { imageBuilderVersion: '2025.06', webhookSuffix: '' };
      return { environmentId: 'en-local', metadata: { name: deploymentName || 'main', settings } };
    },
    appGetOrCreate: async ({ appName }: { appName: string }) => ({ appId: appId(appName) }),
    volumeGetOrCreate: async ({ deploymentName }: { deploymentName: string }) => ({
      volumeId: volumeId(deploymentName),
    }),
    async secretGetOrCreate({ envDict }: { envDict: Record<string, string> }) {
      const secretId = fresh('st');
      state.secrets.set(secretId, envDict);
      return { secretId };
    },
    async imageGetOrCreate({ image }: { image: { dockerfileCommands: string[]; baseImages: unknown } }) {
      const text = JSON.stringify([image.dockerfileCommands, image.baseImages]);
      const known = state.images.get(text);
      if (known?.built) return { imageId: known.id, result: { status: STATUS.success } };
      const id = known?.id ?? fresh('im');
      state.images.set(text, { id, commands: image.dockerfileCommands, built: false });
      return { imageId: id };
    },
    async *imageJoinStreaming({ imageId }: { imageId: string }) {
      const image = [...state.images.values()].find(({ id }) => id === imageId);
      yield { entryId: '1-0', taskLogs: [{ data: 'building\n', fileDescriptor: 1 }] };
      let result: { status: number; exception?: string } = { status: STATUS.success };
      try {
        if (state.imageFailure) throw new Error(state.imageFailure);
        if (!image) throw new Error(`there is no image ${imageId}`);
        buildLayer(image.commands, state.root, state.python);
        image.built = true;
      } catch (error) {
        result = { status: STATUS.failure, exception: String(error) };
      }
      yield { entryId: '2-0', result, eof: true };
    },
    async sandboxCreate({ appId: app, definition }: { appId: string; definition: Definition }) {
      const gpu = definition.resources?.gpuConfig?.gpuType;
      if (gpu && !GPUS.includes(gpu)) throw refuse(GRPC.invalid, `Unknown GPU type ${gpu}`);
      if (running(definition.name)) throw refuse(GRPC.exists, `Sandbox ${definition.name} already exists`);
      const folder = `${state.root}/var/lib/tempera`;
      const [volume] = definition.volumeMounts;
      rmSync(folder, { recursive: true, force: true });
      if (volume) {
        mkdirSync(`${state.root}/volumes/${volume.volumeId}`, { recursive: true });
        symlinkSync(`${state.root}/volumes/${volume.volumeId}`, folder);
      }
      const variables = Object.assign({}, ...definition.secretIds.map((id) => state.secrets.get(id)));
      const made = new LocalSandbox({
        ...{ id: fresh('sb'), appId: app, definition, variables },
        ...{ root: state.root, python: state.python, hostArguments: state.hostArguments },
      });
      state.sandboxes.set(made.id, made);
      return { sandboxId: made.id };
    },
    async sandboxGetFromName({ sandboxName, appName }: { sandboxName: string; appName: string }) {
      const found = running(sandboxName);
      if (!found || found.appId !== appId(appName))
        throw refuse(GRPC.notFound, `Sandbox ${sandboxName} not found`);
      return { sandboxId: found.id };
    },
    sandboxGetTaskId: async (request: { sandboxId: string }) => ({
      taskId: `ta-${sandbox(request).id.slice(3)}`,
    }),
    async sandboxGetTunnels(request: { sandboxId: string; timeout: number }) {
      const at = sandbox(request);
      const until = Date.now() + request.timeout * 1000;
      while (!at.address && !at.result && Date.now() < until) await at.change(until - Date.now());
      if (!at.address) return { result: at.result ?? { status: STATUS.timeout }, tunnels: [] };
      const port = at.definition.openPorts?.ports[0]?.port;
      const { host, port: outside } = at.address;
      const tls = { host: 'tls.invalid', port: 443 };
      return { tunnels: [{ ...tls, containerPort: port, unencryptedHost: host, unencryptedPort: outside }] };
    },
    async sandboxWait(request: { sandboxId: string; timeout: number }) {
      const at = sandbox(request);
      if (!at.result && request.timeout > 0) await at.change(request.timeout * 1000);
      return { result: at.result ?? undefined, metadata: { appId: at.appId } };
    },
    async sandboxTerminate(request: { sandboxId: string }) {
      sandbox(request).terminate();
      return {};
    },
    async *sandboxGetLogs(
      request: { sandboxId: string; lastEntryId: string; fileDescriptor: number },
      { signal }: { signal: AbortSignal },
    ) {
      const at = sandbox(request);
      let next = Number.parseInt(request.lastEntryId || '0', 10);
      while (!signal.aborted) {
        for (const { data, fileDescriptor } of at.output.slice(next)) {
          next += 1;
          if (fileDescriptor !== request.fileDescriptor) continue;
          yield { entryId: `${next}-0`, items: [{ data, fileDescriptor }] };
        }
        if (at.result) break;
        await at.change(1_000, signal);
      }
      yield { entryId: `${next}-0`, items: [], eof: true };
    },
  };
}
