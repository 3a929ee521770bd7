import { sql } from 'kysely';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { bytesAreComing } from '@filmpost/exchange/intake/blobs/commands.ts';

/** A pace tick: volatile, several a second at most; losing one loses nothing. */
export interface PaceTick {
  uploadId: string;
  bytesPerSecond: number;
  /** Bytes of packs still on their way, not yet counted as received. */
  bytesInFlight: number;
}

const TICK_MS = 500;
/** Weight of the newest half second in the smoothed pace. */
const NEWEST = 0.35;
const FORGET_ROOMS_MS = 5_000;
/** After so long without a complete blob the books are told that bytes are coming all the same. */
const SAY_MS = 60_000;

interface Moving {
  sinceTick: number;
  pace: number;
  blobs: Map<string, number>;
  idleTicks: number;
  /** When the books last heard of it, on the clock of `performance`. */
  saidAt: number;
}

/** An upload of which nothing was heard a moment ago. Its silence may have been long: the books are told at once. */
function newlyMoving(): Moving {
  return { sinceTick: 0, pace: 0, blobs: new Map(), idleTicks: 0, saidAt: -Infinity };
}

/**
 * Turns bytes reaching the disk into the pace people see. Knows the uploads that this process receives, and tells
 * the rooms of everybody who watches them.
 */
export class Pace {
  readonly #exchange: Exchange;
  readonly #tell: (rooms: string[], tick: PaceTick) => void;
  readonly #uploads = new Map<string, Moving>();
  readonly #uploadOf = new Map<string, Promise<string | null>>();
  readonly #rooms = new Map<string, { rooms: string[]; until: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(exchange: Exchange, tell: (rooms: string[], tick: PaceTick) => void) {
    this.#exchange = exchange;
    this.#tell = tell;
    this.#timer = setInterval(() => void this.#tick(), TICK_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Bytes of a blob have reached the disk. */
  received(blobId: string, bytes: number): void {
    const upload = this.#uploadOf.get(blobId) ?? this.#findUpload(blobId);
    void upload.then((uploadId) => {
      if (uploadId === null) return;
      const moving = this.#uploads.get(uploadId) ?? newlyMoving();
      moving.sinceTick += bytes;
      moving.blobs.set(blobId, (moving.blobs.get(blobId) ?? 0) + bytes);
      this.#uploads.set(uploadId, moving);
    });
  }

  /** A blob is complete and from now on counted by the database. */
  completed(blobId: string): void {
    void this.#uploadOf.get(blobId)?.then((uploadId) => {
      const moving = this.#uploads.get(uploadId ?? '');
      moving?.blobs.delete(blobId);
      if (moving) moving.saidAt = performance.now();
    });
    this.#uploadOf.delete(blobId);
  }

  #findUpload(blobId: string): Promise<string | null> {
    const found = this.#exchange.db
      .selectFrom('blob')
      .select('uploadId')
      .where('id', '=', blobId)
      .executeTakeFirst()
      .then(
        (row) => row?.uploadId ?? null,
        () => null,
      );
    this.#uploadOf.set(blobId, found);
    return found;
  }

  async #tick(): Promise<void> {
    for (const [uploadId, moving] of this.#uploads) {
      const now = moving.sinceTick * (1000 / TICK_MS);
      moving.pace = moving.pace * (1 - NEWEST) + now * NEWEST;
      moving.idleTicks = moving.sinceTick === 0 ? moving.idleTicks + 1 : 0;
      moving.sinceTick = 0;
      if (moving.idleTicks > 4) this.#uploads.delete(uploadId);
      const bytesInFlight = [...moving.blobs.values()].reduce((sum, bytes) => sum + bytes, 0);
      const tick = {
        uploadId,
        bytesPerSecond: moving.idleTicks > 4 ? 0 : Math.round(moving.pace),
        bytesInFlight,
      };
      try {
        await this.#sayComing(uploadId, moving);
        this.#tell(await this.#roomsOf(uploadId), tick);
      } catch {
        // Pace is a comfort: without the database there is none, and nothing else suffers.
      }
    }
  }

  async #sayComing(uploadId: string, moving: Moving): Promise<void> {
    if (moving.idleTicks > 0 || performance.now() - moving.saidAt < SAY_MS) return;
    moving.saidAt = performance.now();
    await bytesAreComing(this.#exchange, uploadId);
  }

  async #roomsOf(uploadId: string): Promise<string[]> {
    const known = this.#rooms.get(uploadId);
    if (known && known.until > Date.now()) return known.rooms;
    const { rows } = await sql<{ room: string }>`
      select 'facility:' || facility_id as room from upload where id = ${uploadId}
      union select 'upload:' || id from upload where id = ${uploadId}
      union select 'request:' || request_id from upload where id = ${uploadId} and request_id is not null
      union select 'share:' || ss.share_id from announced_exam a
        join upload u on u.id = a.upload_id
        join share_study ss on ss.study_instance_uid = a.study_instance_uid
        join share s on s.id = ss.share_id and s.facility_id = u.facility_id
        where a.upload_id = ${uploadId}`.execute(this.#exchange.db);
    const rooms = rows.map((row) => row.room);
    if (this.#rooms.size > 1000) this.#rooms.clear();
    this.#rooms.set(uploadId, { rooms, until: Date.now() + FORGET_ROOMS_MS });
    return rooms;
  }
}
