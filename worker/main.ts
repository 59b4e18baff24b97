/** Entry of a worker process: configuration in, workers run until a signal, everything closed in the end. */

import { loadConfig } from '../config/index.ts';
import { runWorker } from './run.ts';

await runWorker(await loadConfig());
