/** Every command, once: the parser, the help and docs/cli.md's test read this list. */

import type { Command } from './command.ts';
import { again } from './commands/again.ts';
import { auditCommands } from './commands/audit.ts';
import { backupCommands } from './commands/backup.ts';
import { budgetCommands } from './commands/budgets.ts';
import { classifyCommands } from './commands/classify.ts';
import { compare } from './commands/compare.ts';
import { connectionCommands } from './commands/connections.ts';
import { decisions } from './commands/decisions.ts';
import { endpointCommands } from './commands/endpoints.ts';
import { keyCommands } from './commands/keys.ts';
import { platformCommands } from './commands/platform.ts';
import { policyCommands } from './commands/policy.ts';
import { run } from './commands/run.ts';
import { sandboxCommands } from './commands/sandbox.ts';
import { contentCommands } from './commands/session-contents.ts';
import { sessionCommands } from './commands/sessions.ts';
import { usageCommands } from './commands/usage.ts';
import { webhookCommands } from './commands/webhooks.ts';

export const COMMANDS: readonly Command[] = [
  run,
  again,
  ...platformCommands,
  ...policyCommands,
  ...backupCommands,
  ...keyCommands,
  ...sessionCommands,
  decisions,
  compare,
  ...contentCommands,
  ...endpointCommands,
  ...sandboxCommands,
  ...classifyCommands,
  ...connectionCommands,
  ...auditCommands,
  ...webhookCommands,
  ...usageCommands,
  ...budgetCommands,
];

/** Lines of `tempera --help`. */
export function helpText(commands: readonly Command[] = COMMANDS): string {
  const lines = commands.map(
    ({ name, usage, summary }) => `  tempera ${`${name} ${usage}`.trim()}\n      ${summary}\n`,
  );
  return `Usage: tempera COMMAND [--format table|json|yaml]
       tempera --cmd "/sessions list" --format json

${lines.join('')}
Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 not found, 4 refused, 5 platform unreachable
`;
}
