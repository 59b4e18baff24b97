/** Starts one server behind a guard, tells its pid, and waits to be killed; bundled and run by tests. */

import { spawnGuarded } from '../supervisor/guarded-child.ts';

const [guardFile, request] = process.argv.slice(2);
const child = spawnGuarded(JSON.parse(request ?? ''), guardFile ?? '');
process.stdout.write(`${await child.started}\n`);
await child.ended;
