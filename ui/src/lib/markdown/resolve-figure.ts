/** Names of files in a text, as addresses of the session's own files. */

export interface FigureBase {
  /** Without it no file is known, and nothing resolves. */
  sessionId?: string | undefined;
  /** Folder of the text in the session, e.g. "eda"; '' for the session's own. */
  folder?: string | undefined;
  /** The kept workspace that the files are read from; the last one without it. */
  checkpoint?: string | undefined;
}

/** The address of `name` as written in a text of `folder`; null for what leads elsewhere or out of the session. */
export function resolveFigure(
  name: string,
  { sessionId, folder = '', checkpoint }: FigureBase,
): string | null {
  const path = decoded((name.split(/[?#]/, 1)[0] ?? '').trim());
  if (sessionId === undefined || path === '' || isForeign(path)) return null;
  const root = `/data/sessions/${sessionId}/`;
  const own = path.startsWith(root) ? path.slice(root.length) : path;
  if (own.startsWith('/')) return null;
  const parts = own === path ? joined(folder, own) : joined('', own);
  if (parts === null || parts.length === 0) return null;
  const place = `/api/sessions/${encodeURIComponent(sessionId)}/files/${parts.map(encodeURIComponent).join('/')}`;
  return checkpoint ? `${place}?checkpoint=${encodeURIComponent(checkpoint)}` : place;
}

/** Has a scheme, a host, or what browsers take for one. */
function isForeign(path: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('//') || path.includes('\\')) return true;
  return [...path].some((character) => character < ' ');
}

/** Reports name their figures from their own folder or from the session's: `eda/figures/a.png` in `eda` is both. */
function joined(folder: string, path: string): string[] | null {
  const base = folder.split('/').filter(Boolean);
  const named = base[0] !== undefined && path.split('/')[0] === base[0];
  const parts = named ? [] : base;
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a stray percent sign: taken as it stands
  }
}
