import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '../cli/certificates.ts';
import { connectedParts, loadConfig, runPreflight, showConfig } from './index.ts';
import { modalSettings } from './sandbox-modal.ts';

const root = join(__dirname, '..');
let folder: string;
let variables: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tempera-modal-settings-'));
  await makeCertificates({ folder, hosts: ['tempera-modal'], days: 2 });
  variables = {
    SANDBOX_PROVIDER: 'modal',
    SANDBOX_TOKEN: 'a token of 20 letters',
    SANDBOX_TLS_AUTHORITY: join(folder, 'authority.pem'),
    SANDBOX_TLS_CERTIFICATE: join(folder, 'platform.pem'),
    SANDBOX_TLS_KEY: join(folder, 'platform.key'),
    MODAL_HOST_CERTIFICATE: join(folder, 'tempera-modal.pem'),
    MODAL_HOST_KEY: join(folder, 'tempera-modal.key'),
    MODAL_TOKEN_ID: 'ak-planted',
    MODAL_TOKEN_SECRET: 'as-planted',
    // nobody answers there, and nothing is asked of it but whether it does
    MODAL_SERVER_URL: 'http://127.0.0.1:1',
    TEMPERA_HOME: folder,
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (change: Record<string, string> = {}) => loadConfig({ ...variables, ...change }, { root });

test('the settings reach the processes, with the name in the host’s certificate', async () => {
  const config = await load({
    ...{ DATABASE_URL: 'postgres://d/d', TEMPORAL_ADDRESS: 't:1' },
    ...{ S3_ENDPOINT: 'http://s:1', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 's', MODAL_GPU: 'H100:2' },
  });
  expect(connectedParts(config).sandbox).toMatchObject({
    ...{ provider: 'modal', addresses: [] },
    modal: { gpu: 'H100:2', host: { policy: 'required', tls: { serverName: 'tempera-modal' } } },
  });
});

test.each([
  ['no token', { MODAL_TOKEN_SECRET: '' }, /^MODAL_TOKEN_SECRET is not set\. .*make one/],
  [
    'no host certificate',
    { MODAL_HOST_CERTIFICATE: '' },
    /^MODAL_HOST_CERTIFICATE is not set\. `tempera sandbox/,
  ],
  ['a key of another', { MODAL_HOST_KEY: 'platform.key' }, /^MODAL_HOST_KEY names .*not the key of/],
  [
    'no mutual TLS',
    { SANDBOX_TLS_AUTHORITY: '', SANDBOX_TLS_CERTIFICATE: '', SANDBOX_TLS_KEY: '' },
    /mutual TLS/,
  ],
  ['no GPU kind', { MODAL_GPU: 'two big ones' }, /^MODAL_GPU is "two big ones": write a kind/],
  ['too long a life', { MODAL_TIMEOUT_SECONDS: '90000' }, /^MODAL_TIMEOUT_SECONDS is 90000: .*86400/],
  ['a name with a slash', { MODAL_SANDBOX_NAME: 'a/b' }, /^MODAL_SANDBOX_NAME is "a\/b"/],
  ['plain text', { MODAL_SERVER_URL: 'http://modal.example' }, /^MODAL_SERVER_URL must begin with https/],
  ['a short token of the host', { SANDBOX_TOKEN: 'short' }, /^SANDBOX_TOKEN must hold 16/],
])('%s is refused with the setting', async (_, change, message) => {
  const { MODAL_HOST_KEY: key } = change as { MODAL_HOST_KEY?: string };
  const config = await load(key ? { MODAL_HOST_KEY: join(folder, key) } : change);
  expect(() => modalSettings(config)).toThrow(message);
});

test('preflight denies what is missing, warns of a GPU that it does not know, and shows no secret', async () => {
  const checks = async (change: Record<string, string>) => {
    const found = await runPreflight(await load(change), { running: true, answerMilliseconds: 200 });
    return found.flatMap(({ level, about, message }) =>
      about.startsWith('sandbox') ? [`${level} ${about}: ${message}`] : [],
    );
  };
  const [missing] = await checks({ MODAL_TOKEN_ID: '' });
  expect(missing).toMatch(/^deny sandbox\.modal: MODAL_TOKEN_ID is not set/);
  const found = await checks({ MODAL_GPU: 'Z9000' });
  expect(found).toEqual([
    expect.stringMatching(/^warn sandbox\.modal\.gpu: MODAL_GPU names the kind Z9000/),
    expect.stringMatching(/^deny sandbox\.modal\.serverUrl: 127\.0\.0\.1:1 cannot be reached/),
  ]);
  expect(`${found}${showConfig(await load())}`).not.toMatch(/as-planted|ak-planted/);
});
