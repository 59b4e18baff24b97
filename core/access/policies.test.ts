import { ROLES } from '../principal.ts';
import { PERMISSIONS } from './permissions.ts';
import { assertAllowed, isAllowed, type Policies, PoliciesSchema, rolesAllowed } from './policies.ts';

const role = (permissions: string[]) => ({ permissions, requests_per_minute: null });
const policies = (): Policies =>
  PoliciesSchema.parse({
    roles: {
      admin: role(['all']),
      agent: role(['session:read', 'session:write']),
      user: role(['session:read']),
      readonly: role([]),
    },
  });

test('a role may what its list holds, and all of it who has all', () => {
  const given = policies();
  expect(ROLES.map((each) => isAllowed(given, { role: each }, 'session:write'))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(rolesAllowed(given, 'session:read')).toEqual(['admin', 'agent', 'user']);
  for (const permission of Object.keys(PERMISSIONS))
    expect(isAllowed(given, { role: 'admin' }, permission as keyof typeof PERMISSIONS)).toBe(true);
});

test('a refusal names the permission and the roles that have it', () => {
  expect(() => assertAllowed(policies(), { id: 'u', role: 'agent' }, 'session:write')).not.toThrow();
  expect(() => assertAllowed(policies(), { id: 'u', role: 'user' }, 'session:write')).toThrow(
    'Your role user may not make, change, steer and remove experiments and sessions (session:write). ' +
      'Ask for a key of the role admin or agent.',
  );
});

test.each([
  ['an unknown permission', { admin: role(['everything']) }],
  ['an unknown role', { root: role(['all']) }],
  ['a readonly role that changes something', { readonly: role(['session:write']) }],
  ['a readonly role that may all', { readonly: role(['all']) }],
  ['a limit of nothing', { admin: { permissions: ['all'], requests_per_minute: 0 } }],
  ['an unknown field', { admin: { ...role(['all']), permision: [] } }],
])('%s is refused', (_name, changed) => {
  expect(PoliciesSchema.safeParse({ roles: { ...policies().roles, ...changed } }).success).toBe(false);
});
