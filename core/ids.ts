/** Ids: UUIDv7 (RFC 9562) for what is created, SHA-256-derived ones for what must be the same on every attempt. */

import { createHash, randomBytes } from 'node:crypto';

/** A new UUIDv7: 48 bits of milliseconds, then randomness, so that ids sort by creation time. */
export function newId(now: number = Date.now(), random: Uint8Array = randomBytes(10)): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  return format(bytes, 7);
}

/** An id that depends on `parts` alone (UUIDv8 over SHA-256): a repeated write meets its own row. */
export function derivedId(...parts: (string | number)[]): string {
  return format(Buffer.from(sha256(JSON.stringify(parts)), 'hex').subarray(0, 16), 8);
}

/** SHA-256 as lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True when `value` has the form of a UUID in lower case. */
export function isId(value: string): boolean {
  return UUID.test(value);
}

function format(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
