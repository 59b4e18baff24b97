/** Entry of the offline model's thread in a worker process. */

import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { serveAutopilot } from '../models/autopilot/index.ts';

if (parentPort) serveAutopilot(parentPort, z.object({ playbooksFolder: z.string() }).parse(workerData));
