import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '../cli/certificates.ts';
import { connectedParts, loadConfig, runPreflight } from './index.ts';
import { sandboxAddresses, sandboxTls } from './sandbox-tls.ts';

const root = join(__dirname, '..');
let folder: string;
let variables: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tempera-certificates-'));
  await makeCertificates({ folder, hosts: ['host.example'], days: 2 });
  variables = {
    SANDBOX_TLS_AUTHORITY: join(folder, 'authority.pem'),
    SANDBOX_TLS_CERTIFICATE: join(folder, 'platform.pem'),
    SANDBOX_TLS_KEY: join(folder, 'platform.key'),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = (environment: Record<string, string>) => loadConfig(environment, { root });

test('addresses are a list, and one that is no host:port is named', () => {
  expect(sandboxAddresses('one:1, [::1]:2')).toEqual(['one:1', '[::1]:2']);
  expect(() => sandboxAddresses('one:1,two')).toThrow(/SANDBOX_ADDRESS holds "two"/);
});

test('the certificates reach the processes with the addresses', async () => {
  const parts = {
    DATABASE_URL: 'postgres://d/d',
    TEMPORAL_ADDRESS: 't:1',
    S3_ENDPOINT: 'http://s:1',
    S3_ACCESS_KEY: 'a',
    S3_SECRET_KEY: 's',
  };
  const sandbox = {
    SANDBOX_PROVIDER: 'remote',
    SANDBOX_ADDRESS: 'a:1,b:2',
    SANDBOX_TOKEN: 'a token of 20 letters',
  };
  const found = connectedParts(await load({ ...parts, ...sandbox, ...variables })).sandbox;
  expect(found).toMatchObject({ provider: 'remote', addresses: ['a:1', 'b:2'] });
  expect(found.tls?.certificate?.toString()).toMatch(/BEGIN CERTIFICATE/);
});

test.each([
  ['one of them missing', { SANDBOX_TLS_KEY: '' }, /SANDBOX_TLS_KEY is not set: .* all three/],
  ['a file that is not there', { SANDBOX_TLS_KEY: '/nowhere.key' }, /SANDBOX_TLS_KEY names \/nowhere\.key/],
  [
    'a file that is no certificate',
    { SANDBOX_TLS_AUTHORITY: __filename },
    /SANDBOX_TLS_AUTHORITY names .* no certificate/,
  ],
])('%s is said with its variable', async (_, change, message) => {
  const config = await load({ ...variables, ...change });
  expect(() => sandboxTls(config)).toThrow(message);
});

test('a key of another certificate and an expired certificate are said', async () => {
  const config = await load({ ...variables, SANDBOX_TLS_KEY: join(folder, 'authority.key') });
  expect(() => sandboxTls(config)).toThrow(/SANDBOX_TLS_KEY names .* not the key of/);
  const later = new Date(Date.now() + 3 * 86_400_000);
  const whole = await load(variables);
  expect(() => sandboxTls(whole, later)).toThrow(
    /SANDBOX_TLS_CERTIFICATE names a certificate that expired on/,
  );
});

test(
  'a host on another machine without TLS or token, and no host at all, keep the platform ' + 'from starting',
  async () => {
    const denied = async (environment: Record<string, string>) => {
      const config = await load({ SANDBOX_PROVIDER: 'remote', TEMPERA_HOME: folder, ...environment });
      const checks = await runPreflight(config, { running: true, answerMilliseconds: 200 });
      return checks.flatMap(({ level, about, message }) =>
        level === 'deny' ? [`${about}: ${message}`] : [],
      );
    };
    expect(await denied({})).toEqual(['sandbox.address: No sandbox host is listed.']);
    expect(await denied({ SANDBOX_ADDRESS: '192.0.2.1:7500' })).toEqual([
      expect.stringMatching(/^sandbox\.tls: 192\.0\.2\.1:7500 would be called in plain text/),
    ]);
    const closed = await denied({ SANDBOX_ADDRESS: '127.0.0.1:1' });
    expect(closed).toEqual([
      expect.stringMatching(/^sandbox\.token/),
      expect.stringMatching(/^sandbox\.address/),
    ]);
  },
);
