/** Writes the sample tables and labels anew, from the plans and lists. Started in the repository's root. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from './plan.ts';
import { makeSample } from './tables.ts';

const FOLDER = join('classification', 'sample');

rmSync(join(FOLDER, 'tables'), { recursive: true, force: true });
mkdirSync(join(FOLDER, 'tables'));
for (const [path, text] of makeSample(readPlan(FOLDER))) writeFileSync(join(FOLDER, path), text);
