/** The offline language model. */

export { type AutopilotOptions, createAutopilot } from './autopilot.ts';
export { createThreadedAutopilot, serveAutopilot } from './in-thread.ts';
