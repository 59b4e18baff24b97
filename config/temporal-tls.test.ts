import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../platform/testing/temporary-folder.ts';
import { temporalTls } from './temporal-tls.ts';

const folder = temporaryFolder('tls');
const file = (name: string) => {
  writeFileSync(join(folder, name), name);
  return join(folder, name);
};
const off = { enabled: false, certificateFile: null, keyFile: null, serverCaFile: null, serverName: null };
const settings = (tls: Partial<Record<keyof typeof off, string | boolean | null>>) => ({
  temporal: {
    address: null,
    namespace: 'default',
    uiUrl: null,
    apiKey: null,
    tls: { ...off, ...tls } as typeof off,
  },
});

describe('TLS to Temporal', () => {
  test('is off unless enabled', async () => {
    expect(await temporalTls(settings({ serverName: 'x' }))).toBeNull();
    expect(await temporalTls(settings({ enabled: true }))).toEqual({});
  });

  test('carries certificate, key, authority and server name', async () => {
    const tls = {
      enabled: true,
      certificateFile: file('crt'),
      keyFile: file('key'),
      serverCaFile: file('ca'),
      serverName: 'name',
    };
    expect(await temporalTls(settings(tls))).toEqual({
      serverNameOverride: 'name',
      serverRootCACertificate: Buffer.from('ca'),
      clientCertPair: { crt: Buffer.from('crt'), key: Buffer.from('key') },
    });
  });

  test('names the setting that is wrong', async () => {
    await expect(temporalTls(settings({ enabled: true, certificateFile: file('crt') }))).rejects.toThrow(
      /CLIENT_KEY_PATH/,
    );
    await expect(
      temporalTls(settings({ enabled: true, serverCaFile: join(folder, 'none') })),
    ).rejects.toThrow(/SERVER_CA_CERT_PATH/);
  });
});
