/** The registered character sets of PS3.3 C.12.1.1.2 and how a run of bytes in one of them becomes text. */

export type CodePage =
  | 'ascii'
  | 'latin1'
  | 'utf-8'
  | 'gb18030'
  | 'gbk'
  | 'jis-x-0201'
  | 'jis-x-0208'
  | 'jis-x-0212'
  | 'euc-kr'
  | 'gb2312'
  | 'iso-8859-2'
  | 'iso-8859-3'
  | 'iso-8859-4'
  | 'iso-8859-5'
  | 'iso-8859-6'
  | 'iso-8859-7'
  | 'iso-8859-8'
  | 'iso-8859-9'
  | 'iso-8859-15'
  | 'tis-620';

/** Number in `ISO_IR n` or `ISO 2022 IR n` → set. */
const BY_NUMBER: Record<string, CodePage> = {
  '6': 'ascii',
  '13': 'jis-x-0201',
  '14': 'jis-x-0201',
  '58': 'gb2312',
  '87': 'jis-x-0208',
  '100': 'latin1',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '126': 'iso-8859-7',
  '127': 'iso-8859-6',
  '138': 'iso-8859-8',
  '144': 'iso-8859-5',
  '148': 'iso-8859-9',
  '149': 'euc-kr',
  '159': 'jis-x-0212',
  '166': 'tis-620',
  '192': 'utf-8',
  '203': 'iso-8859-15',
};

/** The set of an ISO registration number; null for one DICOM does not use. */
export function codePage(number: string): CodePage | null {
  return BY_NUMBER[number] ?? null;
}

/** Labels of the WHATWG Encoding Standard where ours differ. */
const LABELS: Partial<Record<CodePage, string>> = {
  ascii: 'windows-1252',
  latin1: 'windows-1252',
  'jis-x-0208': 'euc-jp',
  'jis-x-0212': 'euc-jp',
  gb2312: 'gb18030',
  'tis-620': 'windows-874',
};

const decoders = new Map<CodePage, TextDecoder>();

function decoder(page: CodePage): TextDecoder {
  let found = decoders.get(page);
  if (found === undefined) {
    found = new TextDecoder(LABELS[page] ?? page, { ignoreBOM: true });
    decoders.set(page, found);
  }
  return found;
}

/** JIS X 0201: ASCII (we keep backslash and tilde) below, half-width katakana from A1H to DFH. */
function decodeJisX0201(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0xa1 && byte <= 0xdf) text += String.fromCharCode(0xff61 + byte - 0xa1);
    else text += byte < 0x80 ? String.fromCharCode(byte) : '\ufffd';
  }
  return text;
}

/** Seven-bit pairs of JIS X 0208 and 0212 as EUC-JP has them: high bit set, 0212 after a shift byte (8FH). */
function toEucJp(bytes: Uint8Array, shift: boolean): Uint8Array {
  const out = new Uint8Array(shift ? bytes.length * 2 : bytes.length);
  let at = 0;
  bytes.forEach((byte, index) => {
    if (shift && index % 2 === 0) out[at++] = 0x8f;
    out[at++] = byte | 0x80;
  });
  return out.subarray(0, at);
}

/** Decodes bytes that are all in one set; what the set lacks becomes U+FFFD. */
export function decodeRun(page: CodePage, bytes: Uint8Array): string {
  if (page === 'jis-x-0201') return decodeJisX0201(bytes);
  if (page === 'jis-x-0208') return decoder(page).decode(toEucJp(bytes, false));
  if (page === 'jis-x-0212') return decoder(page).decode(toEucJp(bytes, true));
  return decoder(page).decode(bytes);
}
