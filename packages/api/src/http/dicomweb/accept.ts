/** One acceptable media type (PS3.18 8.7.4 and 8.7.5; RFC 9110 12.5.1), its parameters taken apart. */
export interface MediaRange {
  /** Of a part where the range is multipart/related and says so, else of the answer; lower case, may hold `*`. */
  type: string;
  /** Whether the answer is to be multipart; null for ranges that leave it open. */
  multipart: boolean | null;
  /** A UID, `*`, or null where the range does not say. */
  transferSyntax: string | null;
  quality: number;
}

/** A form in which the server can answer, the one it likes best first. */
export interface Offer {
  type: string;
  multipart: boolean;
  /** Null for what has no transfer syntax, such as metadata. */
  transferSyntaxUid: string | null;
  /** Made only for whoever names its transfer syntax. */
  onlyByName?: boolean;
}

/** The acceptable media types of a request: those of its `accept` parameter, else of its header, else any. */
export function accepted({ headers }: Pick<Request, 'headers'>, url: URL): readonly MediaRange[] {
  // Few clients write the plus of dicom+json as %2B, and forms read a bare one as a space.
  const asked = url.searchParams
    .getAll('accept')
    .join(',')
    .replace(/ (?=json|xml)/g, '+');
  return mediaRanges(asked || headers.get('accept') || '*/*');
}

/** Clients say the same thing in every request, so what it means is kept. */
const understood = new Map<string, readonly MediaRange[]>();
const MOST_UNDERSTOOD = 200;

export function mediaRanges(text: string): readonly MediaRange[] {
  const known = understood.get(text);
  if (known) return known;
  const ranges = splitOutsideQuotes(text, ',')
    .filter((range) => range.trim())
    .map(mediaRange);
  if (understood.size >= MOST_UNDERSTOOD) understood.clear();
  understood.set(text, ranges);
  return ranges;
}

function mediaRange(text: string): MediaRange {
  const { type, parameters } = mediaType(text);
  const multipart = type === 'multipart/related' || type === 'multipart/*';
  // The transfer syntax stands beside the type of the parts or within it; both are seen.
  const part = mediaType(parameters.type ?? '*/*');
  const { 'transfer-syntax': syntax = null } = multipart ? { ...part.parameters, ...parameters } : parameters;
  const weight = Number(parameters.q ?? 1);
  return {
    type: multipart ? part.type : type,
    multipart: type === '*/*' ? null : multipart,
    transferSyntax: syntax,
    quality: weight >= 0 && weight <= 1 ? weight : 1,
  };
}

/** A media type and its parameters, names in lower case, quotes removed (RFC 9110 8.3.1). */
export function mediaType(text: string): { type: string; parameters: Record<string, string> } {
  const [type = '', ...rest] = splitOutsideQuotes(text, ';');
  const parameters = rest.map((part) => {
    const at = part.indexOf('=');
    const value = part.slice(at + 1).trim();
    const quoted = /^"(.*)"$/s.exec(value)?.[1];
    return [part.slice(0, at).trim().toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? value];
  });
  return { type: type.trim().toLowerCase(), parameters: Object.fromEntries(parameters) };
}

/**
 * The offer that is accepted best; null when none is. Each offer has the quality of the most specific range that
 * takes it (RFC 9110 12.5.1). Among equals what is stored counts more than what would be made, where a range says that
 * its transfer syntax will do; then the range named first decides, then the order of the offers.
 */
export function negotiate<O extends Offer>(ranges: readonly MediaRange[], offers: readonly O[]): O | null {
  let best: Taken<O> | null = null;
  for (const offer of offers) {
    const taken = takenBy(ranges, offer);
    if (taken && taken.quality > 0 && (!best || isBetter(taken, best))) best = taken;
  }
  return best?.offer ?? null;
}

/** An offer with the range that takes it. */
interface Taken<O extends Offer> {
  offer: O;
  quality: number;
  /** The place of the range among all. */
  at: number;
  /** Whether the range says which transfer syntaxes it takes. */
  says: boolean;
}

function isBetter<O extends Offer>(one: Taken<O>, other: Taken<O>): boolean {
  if (one.quality !== other.quality) return one.quality > other.quality;
  const made = ({ offer }: Taken<O>) => offer.onlyByName === true;
  if (made(one) !== made(other)) {
    const stored = made(one) ? other : one;
    if (stored.says) return stored === one;
  }
  return one.at < other.at;
}

function takenBy<O extends Offer>(ranges: readonly MediaRange[], offer: O): Taken<O> | null {
  let found: (Taken<O> & { precision: number }) | null = null;
  for (const [at, range] of ranges.entries()) {
    const precision = precisionOf(range, offer);
    const { quality, transferSyntax } = range;
    if (precision > (found?.precision ?? 0))
      found = { offer, quality, at, says: transferSyntax !== null, precision };
  }
  return found;
}

/** How precisely a range means an offer; 0 when it does not mean it at all. */
function precisionOf(range: MediaRange, offer: Offer): number {
  if (range.multipart !== null && range.multipart !== offer.multipart) return 0;
  const [kind = ''] = offer.type.split('/');
  const byType = ['*/*', `${kind}/*`, offer.type].indexOf(range.type);
  if (byType < 0) return 0;
  const { transferSyntax } = range;
  const named = transferSyntax !== null && transferSyntax === offer.transferSyntaxUid;
  const open = transferSyntax === null || transferSyntax === '*' || offer.transferSyntaxUid === null;
  if (!named && (offer.onlyByName || !open)) return 0;
  return 1 + (named ? 1 : 0) + byType * 2 + (range.multipart === null ? 0 : 8);
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (quoted && text[i] === '\\') i++;
    else if (text[i] === '"') quoted = !quoted;
    else if (text[i] === separator && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
