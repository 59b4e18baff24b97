/** Who one is; browsers that sign in and out. */

import { type Caller, CallerSchema, SignInSchema } from '../../core/access/key-records.ts';
import { PERMISSION_NAMES } from '../../core/access/permissions.ts';
import { isAllowed } from '../../core/access/policies.ts';
import type { Principal } from '../../core/principal.ts';
import { cookieOf } from '../access/authenticate.ts';
import { signIn, signOut } from '../services/sign-in.ts';
import type { Routes } from './route.ts';

export const callerRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { policies, settings } = dependencies;
  const answer = { response: { 200: CallerSchema } };
  const callerOf = (principal: Principal, signedIn: boolean): Caller => {
    const { id, name = null, role } = principal;
    const permissions = PERMISSION_NAMES.filter((each) => isAllowed(policies.current(), principal, each));
    return { id, name, role, permissions, signed_in: signedIn, keys_required: settings.keysRequired };
  };
  app.get('/api/me', { schema: answer, config: { permission: 'anyone' } }, async (request) =>
    callerOf(request.principal, settings.keysRequired && cookieOf(request) !== null),
  );

  // each of them is done anew: a repeated request would be given a second cookie
  const config = { permission: 'open', takesNoKey: true } as const;
  const entering = { body: SignInSchema, ...answer };
  app.post('/api/sign-in', { schema: entering, config }, async (request, reply) => {
    const { headers, ip: address, body } = request;
    const { principal, cookie } = await signIn(dependencies, { key: body.key, headers, address });
    request.principal = principal;
    reply.header('set-cookie', cookie);
    return callerOf(principal, true);
  });
  app.post('/api/sign-out', { config }, async (request, reply) => {
    return reply
      .code(204)
      .header('set-cookie', await signOut(dependencies, request.headers))
      .send();
  });

  done();
};
