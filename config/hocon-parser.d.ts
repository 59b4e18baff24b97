declare module '@pushcorn/hocon-parser' {
  interface ParseOptions {
    /** HOCON text. */
    text: string;
    /** Values that `${?NAME}` may take beside those of the text itself. */
    scope: Record<string, string>;
    /** Whether `${?NAME}` may also take a variable of the process's environment. */
    env: boolean;
    /** Refuse what the HOCON specification does not have. */
    strict: boolean;
  }
  const parser: { parse(options: ParseOptions): Promise<unknown> };
  export default parser;
}
