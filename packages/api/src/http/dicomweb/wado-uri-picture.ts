import { BadRequest } from './bad-request.ts';
import { MOST_SIDE } from './rendered-parameters.ts';

/** In pixels. */
export interface Size {
  width: number;
  height: number;
}

interface Wanted {
  type: string;
  /** Of the stored image. */
  sizeOf(): Promise<Size>;
}

/**
 * The old names of what a picture is to be like (PS3.18 9.4.1.2), in the words of rendered resources (8.3.5.1).
 * @throws BadRequest
 */
export async function renderedUrl({ href, searchParams }: URL, { type, sizeOf }: Wanted): Promise<URL> {
  const url = new URL(href);
  url.search = '';
  const value = (name: string) => searchParams.get(name) || null;
  const set = (name: string, text: string | null) => text !== null && url.searchParams.set(name, text);
  const [center, width] = [value('windowCenter'), value('windowWidth')];
  if ((center === null) !== (width === null)) {
    throw new BadRequest('windowCenter and windowWidth are given together.');
  }
  const region = value('region') && pixelsOf(value('region') ?? '', await sizeOf());
  set('accept', type);
  set('viewport', viewportOf({ columns: value('columns'), rows: value('rows') }, region || null));
  set('window', center && width && `${center},${width},linear`);
  set('quality', value('imageQuality'));
  set('annotation', value('annotation'));
  return url;
}

/**
 * Whichever of columns and rows is missing follows from the other: the picture keeps its proportions. Without both a
 * region is as large as it is stored, as far as a picture may be.
 */
function viewportOf(
  { columns, rows }: { columns: string | null; rows: string | null },
  region: number[] | null,
): string | null {
  const [, , width, height] = region ?? [];
  if (columns !== null || rows !== null)
    return [columns ?? MOST_SIDE, rows ?? MOST_SIDE, ...(region ?? [])].join(',');
  if (!region || width === undefined || height === undefined) return null;
  return [Math.min(width, MOST_SIDE), Math.min(height, MOST_SIDE), ...region].join(',');
}

/** A region in parts of the image, from its top left corner to its bottom right one, as x, y, width, height in pixels. */
function pixelsOf(text: string, { width, height }: Size): number[] {
  const ends = text
    .split(',')
    .map((end) => (/^(?:0?\.\d{1,9}|[01](?:\.\d{1,9})?)$/.test(end) ? Number(end) : NaN));
  const [left = NaN, top = NaN, right = NaN, bottom = NaN, ...more] = ends;
  if (more.length > 0 || !(left < right && top < bottom && right <= 1 && bottom <= 1)) {
    throw new BadRequest('region is left,top,right,bottom, each from 0 to 1.');
  }
  const [x, y] = [Math.floor(left * width), Math.floor(top * height)];
  return [x, y, Math.max(1, Math.ceil(right * width) - x), Math.max(1, Math.ceil(bottom * height) - y)];
}
