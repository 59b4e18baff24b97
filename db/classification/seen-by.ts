/** Who may see what has a scope: its owner, an admin, and of what is shared everybody. */

/** A condition over `owner` and `scope` of `alias`; `parameter` is what ownerFilter gives. */
export const seenBy = (alias: string, parameter: string): string =>
  `(${parameter}::text is null or ${alias}.owner = ${parameter} or ${alias}.scope = 'shared')`;
