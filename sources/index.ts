/** Column sources for worker and api. */

export { type BucketParts, bucketOpener } from './buckets.ts';
export { sourcesByType } from './by-type.ts';
export { type ColumnSourceParts, createColumnSources } from './column-sources.ts';
