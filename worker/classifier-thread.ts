/** Entry of the classifier's thread in a worker process. */

import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { serveClassifier } from '../classification/runs/in-thread.ts';

if (parentPort) serveClassifier(parentPort, z.object({ folder: z.string() }).parse(workerData));
