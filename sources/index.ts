/** Column sources for worker and api. */

export { sourcesByType } from './by-type.ts';
