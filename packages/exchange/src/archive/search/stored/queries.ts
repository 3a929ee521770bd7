import { createGunzip } from 'node:zlib';
import type { Exchange } from '../../../exchange.ts';
import type { Found } from '../schema.ts';

/** Which line of which metadata part; none for a study whose first images are still on their way. */
export interface Placed {
  place?: [part: number, line: number] | null;
}

/** Adds to each result the stored instance it was found with. Parts are read one by one: each may be large. */
export async function withStoredInstances(exchange: Exchange, found: (Found & Placed)[]): Promise<Found[]> {
  const places = found.flatMap(({ place }) => (place ? [place] : []));
  const texts = new Map<string, string>();
  for (const [part, wanted] of Map.groupBy(places, ([id]) => id)) {
    const row = await exchange.db
      .selectFrom('metadataPart')
      .select('body')
      .where('id', '=', part)
      .executeTakeFirst();
    if (!row) continue;
    const numbers = new Set(wanted.map(([, line]) => line));
    for (const [line, text] of await lines(row.body, numbers)) texts.set(`${part} ${line}`, text);
  }
  return found.map((each) => ({ ...each, stored: each.place ? texts.get(each.place.join(' ')) : undefined }));
}

/** Some lines of a gzipped text, read no further than the last of them. */
async function lines(body: Buffer, wanted: ReadonlySet<number>): Promise<Map<number, string>> {
  const last = Math.max(...wanted);
  const found = new Map<number, string>();
  const gunzip = createGunzip();
  gunzip.setEncoding('utf8').end(body);
  let number = 0;
  let text = '';
  const keep = () => {
    if (wanted.has(number)) found.set(number, text);
  };
  for await (const chunk of gunzip) {
    const [first = '', ...more] = String(chunk).split('\n');
    text += first;
    for (const next of more) {
      keep();
      number += 1;
      text = next;
    }
    if (number > last) return found;
  }
  keep();
  return found;
}
