import { derivedId, isId, newId, sha256 } from './ids.ts';

const ZEROS = new Uint8Array(10);

test('a new id is a UUIDv7 of its time', () => {
  const id = newId(0x0123456789ab, new Uint8Array(10).fill(255));
  expect(id).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
  expect(isId(id)).toBe(true);
});

test('later ids sort after earlier ones', () => {
  const ids = [0, 1, 255, 256, 2 ** 32, 2 ** 40].map((time) => newId(time, ZEROS));
  expect([...ids].sort()).toEqual(ids);
});

test('ids of one moment differ', () => {
  expect(new Set(Array.from({ length: 1000 }, () => newId(0))).size).toBe(1000);
});

test('a derived id depends on its parts alone, and on how they are divided', () => {
  expect(derivedId('a', 1)).toBe(derivedId('a', 1));
  expect(isId(derivedId('a', 1))).toBe(true);
  expect(derivedId('a', 1).charAt(14)).toBe('8');
  expect(new Set([derivedId('a', 1), derivedId('a', '1'), derivedId('a1'), derivedId('', 'a1')]).size).toBe(
    4,
  );
});

test('sha256 is lower-case hex of text in UTF-8 or of bytes', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('é')).toBe(sha256(new Uint8Array([0xc3, 0xa9])));
});

test.each([
  '',
  'x',
  '019B7CAB-ACA6-7FFF-BFFF-FFFFFFFFFFFF',
  '019b7cab-aca6-7fff-bfff-ffffffffffff\n',
  '../../etc/passwd',
])('%j is no id', (value) => {
  expect(isId(value)).toBe(false);
});
