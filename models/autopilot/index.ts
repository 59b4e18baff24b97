/** The offline language model. */

export { type AutopilotOptions, createAutopilot } from './autopilot.ts';
