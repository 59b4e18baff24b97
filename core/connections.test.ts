import fc from 'fast-check';
import {
  checkedAddress,
  checkedCredentials,
  NewConnectionSchema,
  withoutCredentials,
} from './connections.ts';
import { credentialSeal, type SealedFor } from './sealed-credentials.ts';

const KEY = 'k'.repeat(32);
const OF: SealedFor = { id: '1', type: 'postgres', address: 'postgres://h/d' };

test('sealed credentials open again, look different each time, and hold nothing that can be read', () => {
  const property = fc.property(fc.dictionary(fc.string(), fc.string({ minLength: 8 })), (credentials) => {
    const seal = credentialSeal(KEY);
    const [one, other] = [seal.seal(credentials, OF), seal.seal(credentials, OF)];
    expect(seal.open(one, OF)).toEqual(JSON.parse(JSON.stringify(credentials)));
    expect(one).not.toBe(other);
    for (const secret of Object.values(credentials)) {
      expect(one).not.toContain(secret);
      expect(Buffer.from(one.slice(3), 'base64').toString('latin1')).not.toContain(secret);
    }
  });
  fc.assert(property, { numRuns: 50 });
});

test('a fingerprint is the same for the same credentials in any order, under the same key alone', () => {
  const of = (key: string, credentials: Record<string, string>) =>
    credentialSeal(key).fingerprint(credentials);
  expect(of(KEY, { user: 'a', password: 'b' })).toBe(of(KEY, { password: 'b', user: 'a' }));
  expect(of(KEY, { user: 'a', password: 'b' })).not.toBe(of(KEY, { user: 'a', password: 'c' }));
  expect(of(KEY, { user: 'a', password: 'b' })).not.toBe(of('x'.repeat(32), { user: 'a', password: 'b' }));
});

test('they open for nothing else: another connection, address, type or key, or with a byte changed', () => {
  const sealed = credentialSeal(KEY).seal({ user: 'a', password: 'b' }, OF);
  const opens = (key: string, text: string, of: SealedFor) => {
    try {
      credentialSeal(key).open(text, of);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_INPUT' });
      return false;
    }
  };
  expect(opens(KEY, sealed, OF)).toBe(true);
  expect(opens('x'.repeat(32), sealed, OF)).toBe(false);
  expect(opens(KEY, sealed, { ...OF, id: '2' })).toBe(false);
  expect(opens(KEY, sealed, { ...OF, address: 'postgres://elsewhere/d' })).toBe(false);
  expect(opens(KEY, sealed, { ...OF, type: 's3' })).toBe(false);
  const bytes = Buffer.from(sealed.slice(3), 'base64');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(opens(KEY, `v1:${changed.toString('base64')}`, OF)).toBe(false);
  }
  for (const text of ['', 'v1:', 'v2:AAAA', 'v1:AAAA', 'none']) expect(opens(KEY, text, OF)).toBe(false);
  expect(() => credentialSeal('short')).toThrow(/TEMPERA_CREDENTIALS_KEY/);
});

test.each([
  ['postgres', 'postgres://h/d', 'postgres://h/d'],
  ['postgres', 'postgresql://h:5433/d?sslmode=require', 'postgresql://h:5433/d?sslmode=require'],
  ['s3', 'https://s3.example.org/bucket', 'https://s3.example.org/bucket'],
  ['hive', 'hive2://h:10000', 'hive2://h:10000'],
] as const)('an address of %s [%s] is taken', (type, address, stored) => {
  expect(checkedAddress(type, address)).toBe(stored);
});

test.each([
  ['postgres', 'postgres://user:secret@h/d'],
  ['postgres', 'postgres://h/'],
  ['postgres', 'https://h/d'],
  ['postgres', 'postgres://h/d?password=secret'],
  ['postgres', 'secret'],
  ['s3', 'https://secret@h/b'],
  ['s3', 'https://h'],
  ['s3', 'https://h/b#secret'],
  ['hive', 'hive2://h/d?secret=x'],
] as const)('an address of %s [%s] is refused without what it holds', (type, address) => {
  expect(() => checkedAddress(type, address)).toThrow(/^The address /);
  expect(() => checkedAddress(type, address)).not.toThrow(/secret@|:secret|=secret/);
});

test('credentials are the fields of their type, and a body knows no other field', () => {
  expect(checkedCredentials('postgres', { user: 'a', password: 'b' })).toEqual({ user: 'a', password: 'b' });
  expect(checkedCredentials('s3', {})).toEqual({});
  expect(() => checkedCredentials('s3', { user: 'a' })).toThrow(/access_key and secret_key/);
  const body = { name: 'sales', type: 'postgres', address: 'postgres://h/d' };
  expect(NewConnectionSchema.parse(body)).toEqual({ ...body, scope: 'private', credentials: {} });
  for (const wrong of [{ name: 'a b' }, { name: '' }, { name: '../x' }, { type: 'mysql' }, { password: 'x' }])
    expect(NewConnectionSchema.safeParse({ ...body, ...wrong }).success).toBe(false);
});

test('what a server says is shown without the credentials in it', () => {
  const credentials = { user: 'ada', password: 'ada lovelace' };
  expect(withoutCredentials('no ada, ada lovelace or ada%20lovelace', credentials)).toBe(
    'no ••••••, •••••• or ••••••',
  );
  expect(withoutCredentials('nothing', { user: '' })).toBe('nothing');
});
