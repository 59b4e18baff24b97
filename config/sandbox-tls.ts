/** How sandbox hosts on other machines are reached: their addresses, and the certificates of mutual TLS. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TemperaError } from '../core/errors.ts';
import type { HostTls } from '../core/sandbox-hosts.ts';
import type { Config } from './schema.ts';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** `host:port, host:port` as a list. @throws TemperaError INVALID_INPUT for one that is none */
export function sandboxAddresses(text: string): string[] {
  const addresses = text.split(',').flatMap((part) => part.trim() || []);
  const wrong = addresses.find((address) => !/^(\[[0-9a-f:.]+\]|[^\s:/]+):\d{1,5}$/i.test(address));
  if (wrong !== undefined) {
    throw refused(
      'SANDBOX_ADDRESS',
      `holds "${wrong}", which is no host:port. Write host:port, several separated by commas.`,
    );
  }
  return addresses;
}

/** Whether only this machine reaches an address host:port. */
export const isLoopback = (address: string): boolean =>
  LOOPBACK.test(address.slice(0, address.lastIndexOf(':')));

/**
 * The certificates, or null where none is set.
 * @throws TemperaError INVALID_INPUT that names the setting which is missing, cannot be read, does not fit or has
 * expired
 */
export function sandboxTls({ sandbox }: Pick<Config, 'sandbox'>, now = new Date()): HostTls | null {
  const { authorityFile, certificateFile, keyFile, serverName } = sandbox.tls;
  const files = {
    SANDBOX_TLS_AUTHORITY: authorityFile,
    SANDBOX_TLS_CERTIFICATE: certificateFile,
    SANDBOX_TLS_KEY: keyFile,
  };
  const missing = Object.entries(files).flatMap(([variable, file]) => (file === null ? [variable] : []));
  if (missing.length === 3) return null;
  if (authorityFile === null || certificateFile === null || keyFile === null) {
    throw refused(missing.join(' and '), 'is not set: mutual TLS with sandbox hosts needs all three files.');
  }
  const authority = content(authorityFile, 'SANDBOX_TLS_AUTHORITY');
  const certificate = content(certificateFile, 'SANDBOX_TLS_CERTIFICATE');
  const key = content(keyFile, 'SANDBOX_TLS_KEY');
  checkDates(parsed(authority, authorityFile, 'SANDBOX_TLS_AUTHORITY'), 'SANDBOX_TLS_AUTHORITY', now);
  const ours = parsed(certificate, certificateFile, 'SANDBOX_TLS_CERTIFICATE');
  checkDates(ours, 'SANDBOX_TLS_CERTIFICATE', now);
  if (!fits(ours, key))
    throw refused('SANDBOX_TLS_KEY', `names ${keyFile}, which is not the key of ${certificateFile}.`);
  return { authority, certificate, key, serverName };
}

/** What keeps hosts from being called as they are configured; null when nothing does. */
export function sandboxTlsProblem(config: Pick<Config, 'sandbox'>): string | null {
  try {
    const tls = sandboxTls(config);
    const open = config.sandbox.address === null ? [] : sandboxAddresses(config.sandbox.address);
    const exposed = tls === null ? open.filter((address) => !isLoopback(address)) : [];
    return exposed.length === 0
      ? null
      : `${exposed.join(', ')} would be called in plain text: whoever listens on the way reads ` +
          'the token, code and data.';
  } catch (error) {
    if (error instanceof TemperaError) return error.message;
    throw error;
  }
}

export function content(file: string, variable: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw refused(variable, `names ${file}, which cannot be read. Give the path of a PEM file.`);
  }
}

export function parsed(pem: Buffer, file: string, variable: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw refused(variable, `names ${file}, which holds no certificate in PEM form.`);
  }
}

export function fits(certificate: X509Certificate, key: Buffer): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false; // no key in PEM form
  }
}

export function checkDates(certificate: X509Certificate, variable: string, now: Date): void {
  const { validFrom, validTo } = certificate;
  if (new Date(validTo) < now)
    throw refused(variable, `names a certificate that expired on ${validTo}. Make a new one.`);
  if (new Date(validFrom) > now)
    throw refused(variable, `names a certificate that is valid only from ${validFrom}: check the clock.`);
}

export function refused(variable: string, what: string): TemperaError {
  return new TemperaError('INVALID_INPUT', `${variable} ${what}`, { details: { variable } });
}
