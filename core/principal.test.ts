import { assertMayChange, LOCAL, mayAccess } from './principal.ts';

test('an owner and an administrator may access, others may not', () => {
  const ann = { id: 'ann', role: 'user' as const };
  expect([mayAccess(ann, 'ann'), mayAccess(ann, 'bob'), mayAccess(LOCAL, 'bob')]).toEqual([
    true,
    false,
    true,
  ]);
});

test('who may only read changes nothing, others may', () => {
  for (const role of ['admin', 'agent', 'user'] as const)
    expect(() => assertMayChange({ id: 'ann', role })).not.toThrow();
  expect(() => assertMayChange({ id: 'ann', role: 'readonly' })).toThrow(/may read and change nothing/);
});
