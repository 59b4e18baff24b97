import { findKey, keyOf } from './keys.ts';

test('a key is found by its token alone, and holds none of it', () => {
  const keys = [keyOf('first-token', 'user'), keyOf('second-token', 'agent')];
  expect(findKey(keys, 'second-token')).toBe(keys[1]);
  for (const wrong of ['', 'first-toke', 'first-token ', 'First-token', keys[0]?.hash ?? ''])
    expect(findKey(keys, wrong)).toBeNull();
  expect(JSON.stringify(keys)).not.toMatch(/-token/);
});

test('the principal of a token is the same on every start, and another one for another token', () => {
  const { principal } = keyOf('a-token', 'user');
  expect(keyOf('a-token', 'user').principal).toEqual(principal);
  expect(principal).toEqual({
    id: expect.stringMatching(/^key-[0-9a-f]{16}$/),
    role: 'user',
    name: expect.stringMatching(/^user key [0-9a-f]{6}$/),
  });
  expect(keyOf('b-token', 'user').principal.id).not.toBe(principal.id);
});
