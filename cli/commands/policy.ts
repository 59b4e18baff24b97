/** What config/policies.yaml comes to. */

import { policyFile, readPolicies } from '../../config/index.ts';
import { isPermission, PERMISSIONS, type Permission } from '../../core/access/permissions.ts';
import { isAllowed, type Policies, rolesAllowed } from '../../core/access/policies.ts';
import { ROLES, type Role } from '../../core/principal.ts';
import type { Command } from '../command.ts';
import { usageError } from '../exit-code.ts';

/** A role and what it asks about. */
interface Asked {
  role: Role;
  action: Permission;
}

const explain: Command = {
  name: 'policy explain',
  usage: 'ROLE ACTION',
  summary: 'Says whether a role may do something by config/policies.yaml, who may, and how often.',
  arguments: [2, 2],
  async run({ config, output }, [roleName = '', action = '']) {
    const role = ROLES.find((each) => each === roleName);
    if (role === undefined) throw usageError(`ROLE is one of ${ROLES.join(', ')}, not '${roleName}'.`);
    if (!isPermission(action))
      throw usageError(`ACTION is one of ${Object.keys(PERMISSIONS).join(', ')}, not '${action}'.`);
    const policies = readPolicies(policyFile(config.root));
    const explained = explanation(policies, { role, action });
    output.result(explained, inSentences(explained));
    return undefined;
  },
};

/** What follows from the policies for one role and action. */
function explanation(policies: Policies, { role, action }: Asked) {
  const { requests_per_minute } = policies.roles[role];
  const allowed = isAllowed(policies, { role }, action);
  return {
    ...{ role, action, allowed, meaning: PERMISSIONS[action] },
    ...{ roles: rolesAllowed(policies, action), requests_per_minute },
  };
}

function inSentences({ role, action, allowed, ...rest }: ReturnType<typeof explanation>): string {
  const { meaning, roles, requests_per_minute: requests } = rest;
  const often = requests === null ? 'as often as it likes' : `within ${requests} requests a minute`;
  const others = roles.length > 0 ? `Allowed to: ${roles.join(', ')}.` : 'No role may.';
  return allowed
    ? `${role} may ${meaning} (${action}), ${often}. ${others}\n`
    : `${role} may not ${meaning} (${action}). ${others}\n`;
}

export const policyCommands: Command[] = [explain];
