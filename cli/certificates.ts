/**
 * The certificates of a small set-up with sandbox hosts on other machines: one authority, one certificate for the
 * platform, one for each host. Made by the `openssl` program; docs/sandbox.md shows the commands.
 */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../platform/setup/make-folder.mjs';

export interface CertificateFiles {
  /** Whose it is: authority, platform, or a host's name. */
  of: string;
  certificate: string;
  key: string;
}

export interface CertificateWish {
  folder: string;
  /** Names or addresses by which the platform calls the hosts. */
  hosts: readonly string[];
  /** Days that the platform's and the hosts' certificates are valid; the authority's ten years. */
  days: number;
}

const AUTHORITY_DAYS = 3_650;
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const run = promisify(execFile);

/**
 * Makes what is missing: an authority that is in the folder stays, so that hosts can be added later; the platform's
 * certificate and those of the named hosts are made anew. @throws Error in words when openssl is missing or refuses
 */
export async function makeCertificates({
  folder,
  hosts,
  days,
}: CertificateWish): Promise<CertificateFiles[]> {
  makeFolder(folder, 0o700);
  const authority = filesOf(folder, 'authority');
  if (!existsSync(authority.certificate) || !existsSync(authority.key)) await makeAuthority(authority);
  const made = [authority];
  const platform = filesOf(folder, 'platform');
  await sign(authority, platform, { days, extensions: 'extendedKeyUsage=clientAuth' });
  made.push(platform);
  for (const host of hosts) {
    const files = filesOf(folder, host);
    const name = isIP(host) === 0 ? `DNS:${host}` : `IP:${host}`;
    const extensions = `subjectAltName=${name}\nextendedKeyUsage=serverAuth`;
    await sign(authority, files, { days, extensions });
    made.push(files);
  }
  return made;
}

/** A name that may stand in a certificate and in a file name. */
export const isHostName = (text: string): boolean =>
  isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text);

function filesOf(folder: string, of: string): CertificateFiles {
  const name = of.replaceAll(':', '_');
  return { of, certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
}

async function makeAuthority({ certificate, key }: CertificateFiles): Promise<void> {
  const extensions = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
  await openssl([
    ...[
      'req',
      '-x509',
      ...NEW_KEY,
      '-days',
      String(AUTHORITY_DAYS),
      '-subj',
      '/CN=Tempera sandbox authority',
    ],
    ...extensions.flatMap((extension) => ['-addext', extension]),
    ...['-keyout', key, '-out', certificate],
  ]);
  await chmod(key, 0o600);
}

async function sign(
  authority: CertificateFiles,
  { of, certificate, key }: CertificateFiles,
  { days, extensions }: { days: number; extensions: string },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tempera-certificate-'));
  try {
    const request = join(folder, 'request.pem');
    const extensionFile = join(folder, 'extensions');
    await writeFile(
      extensionFile,
      `basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n${extensions}\n`,
    );
    // a common name holds 64 letters at most; the name that counts is the alternative one
    const subject = `/CN=${of.slice(0, 64)}`;
    await openssl(['req', '-new', ...NEW_KEY, '-subj', subject, '-keyout', key, '-out', request]);
    await chmod(key, 0o600);
    await openssl([
      ...['x509', '-req', '-in', request, '-CA', authority.certificate, '-CAkey', authority.key],
      ...['-CAcreateserial', '-CAserial', join(folder, 'serial'), '-days', String(days)],
      ...['-extfile', extensionFile, '-out', certificate],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openssl(parts: readonly string[]): Promise<void> {
  try {
    await run('openssl', parts);
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: unknown };
    if (code === 'ENOENT') {
      throw new Error(
        'The program openssl is not on PATH: install it, or make the certificates with another.',
      );
    }
    throw new Error(`openssl ${parts[0] ?? ''} failed: ${String(stderr ?? code).trim()}`);
  }
}
