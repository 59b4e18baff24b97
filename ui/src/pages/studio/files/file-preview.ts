/** How a file of the session is shown. */

import type { TreeEntry } from '../../../lib/api/answers.ts';

export type PreviewKind = 'image' | 'table' | 'markdown' | 'page' | 'text' | 'none';

const IMAGES = /\.(png|jpe?g|gif|webp|svg)$/i;
const TABLES = /\.(csv|tsv|parquet|pq)$/i;
const TEXTS = /\.(json|jsonl|ndjson|txt|log|py|ya?ml|toml|ini|cfg|sql|ipynb)$/i;

/** A file larger than this is offered for download, not shown as text. */
export const MOST_TEXT_BYTES = 2 * 1024 * 1024;

export function previewKind(path: string, size: number): PreviewKind {
  if (IMAGES.test(path)) return 'image';
  if (TABLES.test(path)) return 'table';
  if (size > MOST_TEXT_BYTES) return 'none';
  if (/\.md$/i.test(path)) return 'markdown';
  if (/\.html?$/i.test(path)) return 'page';
  return TEXTS.test(path) || !/\.[a-z0-9]+$/i.test(path) ? 'text' : 'none';
}

/** The address of a file's content; a name may hold anything that a file system allows. */
/** @param checkpoint of a kept workspace; the last one's without it */
export const fileUrl = (sessionId: string, path: string, checkpoint?: string | null): string =>
  `/api/sessions/${encodeURIComponent(sessionId)}/files/${path.split('/').map(encodeURIComponent).join('/')}` +
  ofCheckpoint(checkpoint);

export const ofCheckpoint = (checkpoint?: string | null): string =>
  checkpoint ? `?checkpoint=${encodeURIComponent(checkpoint)}` : '';

export interface TreeNode extends TreeEntry {
  children: TreeNode[];
}

/** The flat list of a checkpoint as a tree: folders first, then by name with numbers in order. */
export function treeOf(entries: readonly TreeEntry[]): TreeNode[] {
  const root: TreeNode[] = [];
  const folders = new Map<string, TreeNode>();
  const childrenOf = (path: string): TreeNode[] => (path === '' ? root : folder(path).children);
  function folder(path: string): TreeNode {
    const found = folders.get(path);
    if (found !== undefined) return found;
    const node: TreeNode = { ...{ path, name: nameOf(path), kind: 'directory', size: 0 }, children: [] };
    folders.set(path, node);
    childrenOf(parentOf(path)).push(node);
    return node;
  }
  for (const entry of entries) {
    if (entry.kind === 'directory') folder(entry.path);
    else childrenOf(parentOf(entry.path)).push({ ...entry, children: [] });
  }
  return sorted(root);
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function sorted(nodes: TreeNode[]): TreeNode[] {
  const rank = (node: TreeNode): number => (node.kind === 'directory' ? 0 : 1);
  return nodes
    .map((node) => ({ ...node, children: sorted(node.children) }))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}
