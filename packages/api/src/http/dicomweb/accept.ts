/** Media types a client accepts, best first (PS3.18 8.7.4; RFC 9110 12.5.1), from the header or `accept=`. */
export interface Accepted {
  /** Lower case, without parameters, e.g. `multipart/related`. */
  type: string;
  parameters: Record<string, string>;
}

export function accepted(request: Request, url: URL): Accepted[] {
  const text = url.searchParams.get('accept') ?? request.headers.get('accept') ?? '*/*';
  const ranges = splitOutsideQuotes(text, ',').map((range) => {
    const [type = '*/*', ...rest] = splitOutsideQuotes(range, ';');
    const parameters = Object.fromEntries(
      rest.map((part) => {
        const at = part.indexOf('=');
        const value = part.slice(at + 1).trim();
        return [part.slice(0, at).trim().toLowerCase(), value.replace(/^"(.*)"$/, '$1')];
      }),
    );
    return { type: type.trim().toLowerCase(), parameters };
  });
  const quality = (range: Accepted) => Number(range.parameters.q ?? 1);
  return ranges.filter((range) => quality(range) > 0).sort((a, b) => quality(b) - quality(a));
}

/** Whether an accepted range takes `type` in the stored transfer syntax, alone or as parts of a multipart answer. */
export function takes(
  range: Accepted,
  offer: { type: string; transferSyntaxUid: string },
): 'single' | 'multipart' | null {
  const wantedSyntax = range.parameters['transfer-syntax'];
  if (wantedSyntax && wantedSyntax !== '*' && wantedSyntax !== offer.transferSyntaxUid) return null;
  const inner =
    range.type === 'multipart/related' ? (range.parameters.type ?? '*/*').toLowerCase() : range.type;
  const matches =
    inner === '*/*' ||
    inner === offer.type ||
    (inner.endsWith('/*') && offer.type.startsWith(inner.slice(0, -1)));
  if (!matches) return null;
  // Multipart is what a client gets that does not care (PS3.18 8.7.3.1).
  return range.type === 'multipart/related' || range.type === '*/*' ? 'multipart' : 'single';
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (text[i] === separator && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
