/** A platform's sandbox host at Modal, where Modal is the server of this folder. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '../../cli/certificates.ts';
import type { ScriptedPlatform } from '../platform/scripted.ts';
import { until } from '../platform/wait.ts';
import { startModalServer } from './modal-server.ts';

export interface ModalHosts {
  /** What tells a platform of it. */
  environment: Record<string, string>;
  /** Resolves when the platform says that its host is well. */
  ready(platform: Platform): Promise<void>;
  /** kill -9 of the host, which ends its sandbox. Its successor is a worker's to start, once there is one. */
  kill(): void;
  /** Resolves when a host that was not killed listens. */
  successor(): Promise<void>;
  /** What the hosts said. */
  logs(): string[];
  stop(): Promise<void>;
}

type Platform = Pick<ScriptedPlatform['platform'], 'rest'>;

const HOST = 'tempera-modal';

export async function startModalHosts(): Promise<ModalHosts> {
  const folder = mkdtempSync(join(tmpdir(), 'tempera-modal-hosts-'));
  const account = { tokenId: 'ak-of-the-tests', tokenSecret: 'as-of-the-tests' };
  const python = process.env.TEMPERA_PYTHON ?? 'python3';
  const server = await startModalServer({ ...account, python, require: createRequire(__filename) });
  const [authority, platform, host] = await makeCertificates({ folder, hosts: [HOST], days: 1 });
  if (!authority || !platform || !host) throw new Error('The certificates are missing.');
  const running = () => server.sandboxes().find(({ result }) => result === null);
  let killed: ReturnType<typeof running>;
  return {
    environment: {
      SANDBOX_PROVIDER: 'modal',
      SANDBOX_TOKEN: 'a-token-of-a-host-at-modal',
      SANDBOX_TLS_AUTHORITY: authority.certificate,
      SANDBOX_TLS_CERTIFICATE: platform.certificate,
      SANDBOX_TLS_KEY: platform.key,
      MODAL_HOST_CERTIFICATE: host.certificate,
      MODAL_HOST_KEY: host.key,
      MODAL_TOKEN_ID: account.tokenId,
      MODAL_TOKEN_SECRET: account.tokenSecret,
      MODAL_SERVER_URL: server.url,
    },
    ready: async (platform) => {
      await until('the host at Modal is well', async () => {
        const path = '/api/endpoints?kind=sandbox_host';
        const { endpoints } = await platform.rest.get<{ endpoints: { status: string }[] }>(path);
        return endpoints.some(({ status }) => status === 'HEALTHY');
      });
    },
    kill() {
      killed = running();
      if (killed) process.kill(killed.pid, 'SIGKILL');
    },
    async successor() {
      await until('a successor listens', async () => {
        const successor = running();
        return successor !== undefined && successor !== killed && successor.address !== null;
      });
    },
    logs: () => server.sandboxes().map(({ output }) => output.map(({ data }) => data).join('')),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
