/** The TLS settings of Temporal in the form that its clients take: files read, nothing where TLS is off. */

import { readFile } from 'node:fs/promises';
import { TemperaError } from '../core/errors.ts';
import type { Config } from './schema.ts';

export interface TemporalTls {
  serverNameOverride?: string;
  serverRootCACertificate?: Buffer;
  clientCertPair?: { crt: Buffer; key: Buffer };
}

/** @throws TemperaError INVALID_INPUT that names the setting whose file cannot be read, or the half that is missing */
export async function temporalTls({ temporal }: Pick<Config, 'temporal'>): Promise<TemporalTls | null> {
  const { enabled, certificateFile, keyFile, serverCaFile, serverName } = temporal.tls;
  if (!enabled) return null;
  if ((certificateFile === null) !== (keyFile === null)) {
    const message =
      'Mutual TLS needs both TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH: set the other one too.';
    throw new TemperaError('INVALID_INPUT', message);
  }
  const crt = await content(certificateFile, 'TEMPORAL_TLS_CLIENT_CERT_PATH');
  const key = await content(keyFile, 'TEMPORAL_TLS_CLIENT_KEY_PATH');
  const authority = await content(serverCaFile, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH');
  return {
    ...(serverName === null ? {} : { serverNameOverride: serverName }),
    ...(authority === null ? {} : { serverRootCACertificate: authority }),
    ...(crt === null || key === null ? {} : { clientCertPair: { crt, key } }),
  };
}

async function content(file: string | null, variable: string): Promise<Buffer | null> {
  if (file === null) return null;
  return readFile(file).catch((cause: unknown) => {
    throw new TemperaError(
      'INVALID_INPUT',
      `${variable} names ${file}, which cannot be read. Give the path of a PEM file.`,
      {
        cause,
      },
    );
  });
}
