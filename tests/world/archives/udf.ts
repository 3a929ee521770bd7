/** How the volume's structures lie on the disc (OSTA UDF 2.60 2.2.8 to 2.2.13). */
export type UdfKind = 'plain' | 'metadata' | 'virtual';

const BLOCK = 2048;
const PARTITION_AT = 272;
const INLINE = 3;
const LONG = 1;
const FILE = 5;
const FOLDER = 4;

/**
 * A disc image with UDF and nothing else: small files lie within their entries, larger ones in two stretches that do
 * not touch, the second of which a continuation tells of. One folder deep.
 */
export function aUdf(kind: UdfKind, files: Readonly<Record<string, Uint8Array>>): Buffer {
  const disc = new UdfDisc(kind);
  const names = Object.keys(files);
  const folders = [
    ...new Set(names.filter((name) => name.includes('/')).map((name) => name.split('/')[0] ?? '')),
  ];
  const entriesIn = (folder: string) =>
    names
      .filter((name) => (folder ? name.startsWith(`${folder}/`) : !name.includes('/')))
      .map((name) => ({
        name: name.slice(folder ? folder.length + 1 : 0),
        at: disc.file(files[name] ?? new Uint8Array()),
      }));
  const below = folders.map((folder) => ({ name: folder, at: disc.folder(entriesIn(folder), []) }));
  const root = disc.folder(entriesIn(''), below);
  return disc.image(root);
}

interface Named {
  name: string;
  at: number;
}

class UdfDisc {
  readonly #kind: UdfKind;
  /** Blocks of structures, by their logical number; the first is the file set's. */
  readonly #structures: Buffer[] = [Buffer.alloc(BLOCK)];
  readonly #data: Buffer[] = [];

  constructor(kind: UdfKind) {
    this.#kind = kind;
  }

  get #reference(): number {
    return this.#kind === 'plain' ? 0 : 1;
  }

  file(bytes: Uint8Array): number {
    if (bytes.length <= 1000)
      return this.#structure((at) => fileEntry(at, FILE, { size: bytes.length, inline: bytes }));
    // Two stretches with a block of nothing between them.
    const half = BLOCK * Math.max(1, Math.floor(bytes.length / BLOCK / 2));
    const first = this.#store(bytes.subarray(0, half));
    this.#data.push(Buffer.alloc(BLOCK, 0xee));
    const rest = bytes.subarray(half);
    const second = this.#store(rest);
    const more = this.#structure((at) => {
      const descriptors = longAddress({ length: rest.length, block: second, reference: 0 });
      const body = Buffer.concat([Buffer.alloc(8), descriptors]);
      body.writeUInt32LE(descriptors.length, 4);
      return tagged(258, at, body);
    });
    const descriptors = Buffer.concat([
      longAddress({ length: half, block: first, reference: 0 }),
      longAddress({ length: BLOCK, block: more, reference: this.#reference, type: 3 }),
    ]);
    return this.#structure((at) => fileEntry(at, FILE, { size: bytes.length, long: descriptors }));
  }

  folder(files: readonly Named[], folders: readonly Named[]): number {
    return this.#structure((at) => {
      const identifiers = Buffer.concat([
        identifier(at, { traits: 0x0a, name: '', to: at, reference: this.#reference }),
        ...folders.map((each) =>
          identifier(at, { traits: 2, name: each.name, to: each.at, reference: this.#reference }),
        ),
        ...files.map((each) =>
          identifier(at, { traits: 0, name: each.name, to: each.at, reference: this.#reference }),
        ),
      ]);
      return fileEntry(at, FOLDER, { size: identifiers.length, inline: identifiers });
    });
  }

  image(root: number): Buffer {
    const fileSet = Buffer.alloc(496);
    longAddress({ length: BLOCK, block: root, reference: this.#reference }).copy(fileSet, 400 - 16);
    this.#structures[0] = tagged(256, 0, fileSet);
    const partition = this.#partition();
    const image = Buffer.alloc((PARTITION_AT + partition.length) * BLOCK);
    ['BEA01', 'NSR03', 'TEA01'].forEach((mark, i) =>
      image.write(`\0${mark}\x01`, (16 + i) * BLOCK, 'latin1'),
    );
    this.#descriptors(partition.length).forEach(({ tag, body }, i) =>
      tagged(tag, 32 + i, body).copy(image, (32 + i) * BLOCK),
    );
    const anchor = Buffer.alloc(496);
    [16 * BLOCK, 32, 16 * BLOCK, 32].forEach((value, i) => anchor.writeUInt32LE(value, i * 4));
    tagged(2, 256, anchor).copy(image, 256 * BLOCK);
    partition.forEach((block, i) => block.copy(image, (PARTITION_AT + i) * BLOCK));
    return image;
  }

  #structure(make: (at: number) => Buffer): number {
    const at = this.#structures.push(Buffer.alloc(BLOCK)) - 1;
    this.#structures[at] = make(at);
    return at;
  }

  /** The number of the first block of data within the partition. */
  #store(bytes: Uint8Array): number {
    const at = this.#data.length;
    for (let from = 0; from < bytes.length; from += BLOCK) {
      const block = Buffer.alloc(BLOCK);
      block.set(bytes.subarray(from, from + BLOCK));
      this.#data.push(block);
    }
    return DATA_AT + at;
  }

  /** The partition's blocks as they lie: structures first, data from a fixed place on, tables where their kind has them. */
  #partition(): Buffer[] {
    const blocks: Buffer[] = Array.from({ length: DATA_AT }, () => Buffer.alloc(BLOCK));
    const count = this.#structures.length;
    if (count + 2 > DATA_AT) throw new RangeError('more structures than this small disc has room for');
    // Plain structures lie where they say; the others one block on, virtual ones in the other direction.
    const placeOf = (at: number) =>
      this.#kind === 'plain' ? at : this.#kind === 'metadata' ? at + 1 : count - at;
    this.#structures.forEach((block, at) => block.copy(blocks[placeOf(at)] ?? block));
    if (this.#kind === 'metadata') {
      const long = longAddress({ length: count * BLOCK, block: 1, reference: 0 });
      blocks[0] = fileEntry(0, 250, { size: count * BLOCK, long });
    }
    blocks.push(...this.#data);
    if (this.#kind !== 'virtual') return blocks;
    const table = Buffer.alloc(152 + count * 4);
    table.writeUInt16LE(152, 0);
    this.#structures.forEach((_, at) => table.writeUInt32LE(placeOf(at), 152 + at * 4));
    return [...blocks, fileEntry(blocks.length, 248, { size: table.length, inline: table })];
  }

  #descriptors(blocks: number): { tag: number; body: Buffer }[] {
    const partition = Buffer.alloc(496);
    partition.writeUInt16LE(1, 4);
    partition.write('\0+NSR03', 8, 'latin1');
    partition.writeUInt32LE(1, 168);
    partition.writeUInt32LE(PARTITION_AT, 172);
    partition.writeUInt32LE(blocks, 176);
    const maps = Buffer.concat([Buffer.from([1, 6, 1, 0, 0, 0]), ...this.#secondMap()]);
    const volume = Buffer.alloc(424 + maps.length);
    volume.writeUInt32LE(BLOCK, 196);
    volume.write('\0*OSTA UDF Compliant', 200, 'latin1');
    longAddress({ length: BLOCK, block: 0, reference: this.#reference }).copy(volume, 232);
    volume.writeUInt32LE(maps.length, 248);
    volume.writeUInt32LE(this.#kind === 'plain' ? 1 : 2, 252);
    maps.copy(volume, 424);
    const primary = Buffer.alloc(496);
    return [
      { tag: 1, body: primary },
      { tag: 6, body: volume },
      { tag: 5, body: partition },
      { tag: 8, body: Buffer.alloc(496) },
    ];
  }

  #secondMap(): Buffer[] {
    if (this.#kind === 'plain') return [];
    const map = Buffer.alloc(64);
    map.set([2, 64]);
    map.write(this.#kind === 'metadata' ? '*UDF Metadata Partition' : '*UDF Virtual Partition', 5, 'latin1');
    map.writeUInt16LE(0x0250, 28);
    map.writeUInt16LE(1, 36);
    if (this.#kind === 'metadata') {
      [0, 0, 0xffffffff, 32].forEach((value, i) => map.writeUInt32LE(value, 40 + i * 4));
      map.writeUInt16LE(1, 56);
    }
    return [map];
  }
}

/** Structures have the blocks before. */
const DATA_AT = 256;

interface Content {
  size: number;
  inline?: Uint8Array;
  long?: Buffer;
}

function fileEntry(at: number, fileType: number, { size, inline, long }: Content): Buffer {
  const descriptors = Buffer.from(inline ?? long ?? []);
  const body = Buffer.alloc(160 + descriptors.length);
  body.writeUInt16LE(4, 4);
  body.writeUInt16LE(1, 8);
  body.writeUInt8(fileType, 11);
  body.writeUInt16LE(inline ? INLINE : LONG, 18);
  body.writeUInt16LE(1, 32);
  body.writeBigUInt64LE(BigInt(size), 40);
  body.writeUInt32LE(descriptors.length, 156);
  descriptors.copy(body, 160);
  return tagged(261, at, body);
}

function identifier(
  at: number,
  entry: { traits: number; name: string; to: number; reference: number },
): Buffer {
  const wide = /[^\0-\xff]/.test(entry.name);
  const letters = wide ? Buffer.from(entry.name, 'utf16le').swap16() : Buffer.from(entry.name, 'latin1');
  const name = entry.name ? Buffer.concat([Buffer.from([wide ? 16 : 8]), letters]) : Buffer.alloc(0);
  const body = Buffer.alloc((38 + name.length + 3) & ~3).subarray(16);
  body.writeUInt16LE(1, 0);
  body.writeUInt8(entry.traits, 2);
  body.writeUInt8(name.length, 3);
  longAddress({ length: BLOCK, block: entry.to, reference: entry.reference }).copy(body, 4);
  name.copy(body, 22);
  return tagged(257, at, body).subarray(0, 16 + body.length);
}

function longAddress(to: { length: number; block: number; reference: number; type?: number }): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(((to.type ?? 0) * 0x40000000 + to.length) >>> 0, 0);
  bytes.writeUInt32LE(to.block, 4);
  bytes.writeUInt16LE(to.reference, 8);
  return bytes;
}

/** A block that holds one descriptor, its tag complete (ECMA-167 3/7.2). */
function tagged(identifier: number, location: number, body: Buffer): Buffer {
  const block = Buffer.alloc(BLOCK);
  body.copy(block, 16);
  block.writeUInt16LE(identifier, 0);
  block.writeUInt16LE(3, 2);
  block.writeUInt16LE(crc16(body), 8);
  block.writeUInt16LE(body.length, 10);
  block.writeUInt32LE(location, 12);
  block[4] = block.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) & 0xff;
  return block;
}

/** CRC-CCITT, polynomial 0x1021, beginning with zero. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
