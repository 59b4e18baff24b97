/**
 * What a session is called elsewhere, built here and nowhere else: its event stream, and the workflow that drives it.
 */

export const sessionStream = (session: string): string => `session/${session}`;
export const sessionWorkflowId = (session: string): string => `session/${session}`;
