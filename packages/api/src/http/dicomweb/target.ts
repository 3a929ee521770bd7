/** Whose exams are asked for: a device's own record, one share, or the record of a facility's staff. */
export type Scope =
  { kind: 'machine' } | { kind: 'share'; shareId: string } | { kind: 'facility'; facility: string };

/** Path of a request, taken apart: the reader's scope, then the DICOMweb resource. */
export interface Target {
  scope: Scope;
  /** Where the services of this scope begin, as it stands in addresses: `/dicomweb/s/<share>`. */
  root: string;
  segments: string[];
}

/** Null for what is no path of ours: no name is empty, and PostgreSQL's text holds no NUL, so none has one either. */
export function targetOf(pathname: string): Target | null {
  const raw = pathname.split('/').slice(2);
  if (raw.at(-1) === '') raw.pop();
  let parts: string[];
  try {
    parts = pathname.includes('%') ? raw.map(decodeURIComponent) : raw;
  } catch {
    return null;
  }
  if (parts.some((part) => part === '' || part.includes('\0'))) return null;
  const [first, second = '', ...rest] = parts;
  const root = `/dicomweb/${first}/${raw[1] ?? ''}`;
  if (first === 's') return { scope: { kind: 'share', shareId: second }, root, segments: rest };
  if (first === 'f') return { scope: { kind: 'facility', facility: second }, root, segments: rest };
  return { scope: { kind: 'machine' }, root: '/dicomweb', segments: parts };
}
