/**
 * Credentials as they are stored: AES-256-GCM with a random nonce, bound to the connection that they are of.
 *
 * What is sealed for one connection opens for no other, nor for the same one at another address: whoever can change
 * rows cannot have them sent elsewhere. Uses node:crypto, so no workflow imports it.
 */

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Credentials } from './connections.ts';
import { TemperaError } from './errors.ts';

/** What credentials belong to. */
export interface SealedFor {
  id: string;
  type: string;
  address: string;
}

export interface CredentialSeal {
  seal(credentials: Credentials, of: SealedFor): string;
  /** @throws TemperaError INVALID_INPUT when they were sealed by another key, for another connection, or are damaged */
  open(sealed: string, of: SealedFor): Credentials;
  /** By which a repeated request is known, and from which nothing can be tried out without the key. */
  fingerprint(credentials: Credentials): string;
}

const CIPHER = 'aes-256-gcm';
const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SHORTEST_KEY = 32;

/** @throws TemperaError INVALID_INPUT for a key that is too short to be one */
export function credentialSeal(key: string): CredentialSeal {
  if (key.length < SHORTEST_KEY)
    throw new TemperaError(
      'INVALID_INPUT',
      `TEMPERA_CREDENTIALS_KEY needs at least ${SHORTEST_KEY} characters, such as those of: openssl rand -hex 32`,
    );
  const bytes = Buffer.from(hkdfSync('sha256', key, 'tempera', 'data connections', 32));
  return {
    seal(credentials, of) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, bytes, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(boundTo(of));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(credentials), 'utf8'), cipher.final()]);
      return `${VERSION}:${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')}`;
    },
    open(sealed, of) {
      const [version, text = ''] = sealed.split(':');
      const data = Buffer.from(text, 'base64');
      try {
        if (version !== VERSION) throw new Error('another version');
        const cipher = createDecipheriv(CIPHER, bytes, data.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        });
        cipher.setAAD(boundTo(of));
        cipher.setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const opened = Buffer.concat([cipher.update(data.subarray(NONCE_BYTES + TAG_BYTES)), cipher.final()]);
        return JSON.parse(opened.toString('utf8'));
      } catch {
        // why it failed would tell who tries more than that it did
        throw unopened();
      }
    },
    fingerprint: (credentials) =>
      createHmac('sha256', bytes)
        .update(JSON.stringify(Object.entries(credentials).sort()))
        .digest('hex'),
  };
}

const boundTo = ({ id, type, address }: SealedFor): Buffer =>
  Buffer.from(JSON.stringify([id, type, address]));

const unopened = (): TemperaError =>
  new TemperaError(
    'INVALID_INPUT',
    'The credentials of the connection cannot be opened: they were sealed by another key, or are damaged. Remove the ' +
      'connection and make it anew, or set TEMPERA_CREDENTIALS_KEY to the key that sealed them.',
  );
