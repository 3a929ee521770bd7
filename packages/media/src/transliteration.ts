/** Letters that do not decompose into an ASCII letter and marks; Cyrillic after ICAO Doc 9303, Greek after ISO 843. */
const LATIN = 'ß=ss ø=o æ=ae œ=oe ł=l đ=d ð=d þ=th ı=i ħ=h ŧ=t ŋ=n ĸ=k ə=e ŀ=l ƒ=f';
const CYRILLIC =
  'а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh ' +
  'щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia є=ie і=i ї=i ґ=g ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz ѓ=g ќ=k ѕ=dz ў=u';
const GREEK =
  'α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o';

const TABLE: ReadonlyMap<string, string> = new Map(
  [LATIN, CYRILLIC, GREEK]
    .flatMap((letters) => letters.split(' '))
    .map((pair): [string, string] => [pair.charAt(0), pair.slice(2)]),
);

/**
 * A name in ASCII letters, digits and single hyphens. Marks are dropped (NFKD), known letters spelled out, white
 * space and dashes become a hyphen, and all else (apostrophes, scripts without a table) disappears.
 */
export function toAscii(name: string): string {
  const shouted = name === name.toUpperCase();
  const spelled = [...name.normalize('NFC')].map(asciiOf).join('');
  const plain = spelled.replace(/-+/g, '-').replace(/^-|-$/g, '');
  return shouted ? plain.toUpperCase() : plain;
}

function asciiOf(character: string): string {
  const known = spelledOut(character);
  if (known !== undefined) return known;
  return [...character.normalize('NFKD')].map((part) => spelledOut(part) ?? kept(part)).join('');
}

function spelledOut(character: string): string | undefined {
  const lower = character.toLowerCase();
  const letters = TABLE.get(lower);
  return letters === undefined || lower === character
    ? letters
    : letters.charAt(0).toUpperCase() + letters.slice(1);
}

function kept(character: string): string {
  if (/[\p{Zs}\p{Pd}]/u.test(character)) return '-';
  return /[A-Za-z0-9]/.test(character) ? character : '';
}
