export function hasNodePackages(root: string): boolean;
export function linkPostgresLibraries(root: string): void;
