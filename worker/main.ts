/** Entry of a worker process: configuration in, workers run until a signal, everything closed in the end. */

import { loadConfig, tellUnheardRejections } from '../config/index.ts';
import { runWorker } from './run.ts';

tellUnheardRejections();
await runWorker(await loadConfig());
