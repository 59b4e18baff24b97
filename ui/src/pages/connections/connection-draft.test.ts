import { CONNECTION_TYPES } from '../../../../core/connection-forms.ts';
import { checkedAddress, checkedCredentials, NewConnectionSchema } from '../../../../core/connections.ts';
import { connectionBody, credentialFields, exampleOf, TYPE_WORDS } from './connection-draft.ts';

test.each(CONNECTION_TYPES)(
  'the form of a %s connection sends what the platform takes at each field, and nothing of another',
  (type) => {
    const credentials = Object.fromEntries(
      CONNECTION_TYPES.flatMap(credentialFields).map(({ name }) => [name, `my ${name}`]),
    );
    const body = connectionBody({
      ...{ name: ' lake ', type, address: ` ${exampleOf(type)} `, isShared: true, credentials },
    });
    expect(NewConnectionSchema.parse(body)).toMatchObject({ name: 'lake', scope: 'shared' });
    expect(checkedAddress(type, body.address)).toBe(exampleOf(type));
    expect(checkedCredentials(type, body.credentials)).toBe(body.credentials);
    expect(Object.keys(body.credentials)).toHaveLength(2);
    expect(credentialFields(type).filter(({ isSecret }) => isSecret)).toHaveLength(1);
    expect(TYPE_WORDS[type].label).not.toBe('');
  },
);

test('credentials that are left empty are none', () => {
  const entries = { name: 'x', type: 'hive', address: 'hive2://h', isShared: false } as const;
  expect(connectionBody({ ...entries, credentials: { user: 'u', password: '' } }).credentials).toEqual({
    user: 'u',
  });
});
