/** What became of one image. */
export type Outcome =
  | { kind: 'stored' }
  /** Stored, and the PACS says that it changed or left out something. */
  | { kind: 'stored-with-warning'; sentence: string }
  | { kind: 'failed'; sentence: string };

/** Attributes of the Store Instances Response Module (PS3.18 I.2). */
const FAILED = '00081198';
const REFERENCED = '00081199';
const FAILURE_REASON = '00081197';
const WARNING_REASON = '00081196';
const SOP_INSTANCE = '00081155';

/** Failure Reason (0008,1197) and Warning Reason (0008,1196), by code and mask (PS3.18 I.2.2, PS3.4 B.2.3). */
const REASONS: readonly [code: number, mask: number, sentence: string][] = [
  [0x0110, 0xffff, 'Your PACS had a problem of its own while storing it.'],
  [0x0111, 0xffff, 'Your PACS has another image under the same identifier already.'],
  [0x0122, 0xffff, 'Your PACS does not take images of this kind.'],
  [0x0124, 0xffff, 'This name or key may not store in your PACS.'],
  [0xa700, 0xff00, 'Your PACS has no room for it.'],
  [0xa900, 0xff00, 'Your PACS says that its content does not fit its kind.'],
  [0xb000, 0xffff, 'Your PACS changed some of its values.'],
  [0xb006, 0xffff, 'Your PACS left out some of its values.'],
  [0xb007, 0xffff, 'Your PACS says that its content does not quite fit its kind.'],
  [0xc122, 0xffff, 'Your PACS does not take images compressed in this way.'],
  [0xc000, 0xf000, 'Your PACS cannot read it.'],
];

export function reasonInWords(code: number | null): string {
  const known = REASONS.find(([value, mask]) => code !== null && (code & mask) === value)?.[2];
  if (known) return known;
  return code === null
    ? 'Your PACS gives no reason.'
    : `Your PACS gives the reason ${code.toString(16).toUpperCase().padStart(4, '0')}H, which its maker can explain.`;
}

/** The answer to a batch, by SOP Instance UID. Whom the PACS does not mention, its status speaks for. */
export function outcomesOf(
  sopInstanceUids: readonly string[],
  { status, body }: { status: number; body: string },
): Map<string, Outcome> {
  const module = moduleOf(body);
  const outcomes = new Map<string, Outcome>();
  for (const item of itemsOf(module, REFERENCED)) {
    const warning = numberAt(item, WARNING_REASON);
    const stored: Outcome = warning
      ? { kind: 'stored-with-warning', sentence: reasonInWords(warning) }
      : { kind: 'stored' };
    outcomes.set(textAt(item, SOP_INSTANCE), stored);
  }
  for (const item of itemsOf(module, FAILED)) {
    const sentence = reasonInWords(numberAt(item, FAILURE_REASON));
    outcomes.set(textAt(item, SOP_INSTANCE), { kind: 'failed', sentence });
  }
  return new Map(sopInstanceUids.map((uid) => [uid, outcomes.get(uid) ?? unmentioned(status)]));
}

function unmentioned(status: number): Outcome {
  // 200 means all of them (PS3.18 table 10.5.3-1).
  if (status === 200) return { kind: 'stored' };
  return { kind: 'failed', sentence: statusInWords(status) };
}

export function statusInWords(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return 'Your PACS wants a name and password, or a key, and these were not right.';
    case 404:
    case 405:
      return 'There is no DICOMweb store at this address. Check it with whoever runs your PACS.';
    case 413:
      return 'Your PACS, or a proxy before it, does not take requests of this size.';
    case 415:
      return 'Your PACS does not take images compressed in this way.';
    case 503:
    case 507:
      return 'Your PACS is too busy or full just now. Try again later.';
    default:
      return `Your PACS answered ${status} and said nothing of this image.`;
  }
}

type Item = Record<string, { Value?: unknown[] } | undefined>;

function moduleOf(body: string): Item {
  try {
    const parsed: unknown = JSON.parse(body);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isItem(first) ? first : {};
  } catch {
    // XML, a page of a proxy, or nothing: the status alone speaks.
    return {};
  }
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null;
}

function itemsOf(item: Item, tag: string): Item[] {
  const values = item[tag]?.Value;
  return Array.isArray(values) ? values.filter(isItem) : [];
}

function textAt(item: Item, tag: string): string {
  return String(item[tag]?.Value?.[0] ?? '');
}

function numberAt(item: Item, tag: string): number | null {
  const value = Number(item[tag]?.Value?.[0] ?? NaN);
  return Number.isInteger(value) ? value : null;
}
