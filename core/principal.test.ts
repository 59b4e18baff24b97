import { LOCAL, mayAccess } from './principal.ts';

test('an owner and an administrator may access, others may not', () => {
  const ann = { id: 'ann', role: 'user' as const };
  expect([mayAccess(ann, 'ann'), mayAccess(ann, 'bob'), mayAccess(LOCAL, 'bob')]).toEqual([
    true,
    false,
    true,
  ]);
});
