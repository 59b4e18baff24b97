/** Column sources for worker and api. */

export {
  type AnnotationTable,
  type FoundAnnotations,
  findAnnotationTables,
  readAnnotationTable,
} from './annotation-tables.ts';
export { type BucketParts, bucketOpener } from './buckets.ts';
export { sourcesByType } from './by-type.ts';
export { type ColumnSourceParts, createColumnSources } from './column-sources.ts';
export { createOutbound } from './outbound/outbound.ts';
