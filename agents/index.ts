/** The agents, for everybody else. */

export * from './agents.ts';
export * from './catalogue.ts';
export * from './mended-input.ts';
export * from './stage-brief.ts';
export * from './tools.ts';
