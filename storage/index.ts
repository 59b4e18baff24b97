export { type BlobStore, createBlobStore } from './blob-store.ts';
export { artifactKey, blobKey, datasetKey, resultsKey, uploadKey } from './keys.ts';
export type {
  ByteRange,
  ObjectEntry,
  ObjectPage,
  ObjectStore,
  PutOptions,
  StoredObject,
} from './object-store.ts';
export { createObjectStore, type ObjectStoreOptions } from './s3-object-store.ts';
