/** Calls that ask for a GPU. */

/** Whether a call's input, which nobody has checked yet, asks for one. */
export const wantsGpu = (tool: string, input: unknown): boolean =>
  tool === 'execute_code' &&
  typeof input === 'object' &&
  input !== null &&
  Reflect.get(input, 'gpu') === true;
