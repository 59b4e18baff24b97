/** Entry of the classifier's thread in the api process. */

import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { serveQuestions } from '../classification/questions/in-thread.ts';

if (parentPort) serveQuestions(parentPort, z.object({ folder: z.string() }).parse(workerData));
