/** Something of an exam that cannot be seen as what it is, and in how many series. */
export interface Unseen {
  /** In words for people, e.g. `Radiotherapy plan`. */
  what: string;
  series: number;
  /** Painted all the same, as plain grey levels. */
  asGrey: boolean;
}

/** What can be seen of the series that the viewer has loaded so far. */
export interface Sight {
  series: number;
  /** Series of which something is painted. */
  painted: number;
  /** Series of which nothing is seen. */
  hidden: number;
  unseen: Unseen[];
}

/** The image that the viewer shows first. */
export interface Place {
  seriesInstanceUid: string;
  sopInstanceUid: string;
}

/** What the viewer in the frame tells this page (packages/viewer/src/page/telling.ts). */
export type ViewerMessage =
  | { kind: 'image' }
  | { kind: 'refused'; status: number }
  | { kind: 'sight'; sight: Sight }
  | { kind: 'damaged'; images: number }
  | { kind: 'withheld'; documents: number }
  | { kind: 'place'; place: Place };

type Fields = Record<string, unknown>;

/** Null for anything that is not one of the viewer's messages. */
export function viewerMessage(data: unknown): ViewerMessage | null {
  if (!isFields(data)) return null;
  switch (data.type) {
    case 'filmpost:viewer-image':
      return { kind: 'image' };
    case 'filmpost:viewer-refused':
      return { kind: 'refused', status: number(data.status) };
    case 'filmpost:viewer-damaged':
      return { kind: 'damaged', images: number(data.images) };
    case 'filmpost:viewer-withheld':
      return { kind: 'withheld', documents: number(data.documents) };
    case 'filmpost:viewer-sight':
      return { kind: 'sight', sight: sightIn(data) };
    case 'filmpost:viewer-place': {
      const { seriesInstanceUid, sopInstanceUid } = data;
      return {
        kind: 'place',
        place: { seriesInstanceUid: text(seriesInstanceUid), sopInstanceUid: text(sopInstanceUid) },
      };
    }
    default:
      return null;
  }
}

function sightIn(data: Fields): Sight {
  const unseen = Array.isArray(data.unseen) ? data.unseen.filter(isFields) : [];
  return {
    series: number(data.series),
    painted: number(data.painted),
    hidden: number(data.hidden),
    unseen: unseen.map((each) => ({
      what: text(each.what),
      series: number(each.series),
      asGrey: each.asGrey === true,
    })),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
