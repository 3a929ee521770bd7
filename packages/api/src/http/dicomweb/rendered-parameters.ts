import type { PictureStyle, Region, Window } from '@filmpost/imaging/rendering.ts';
import { BadRequest } from './bad-request.ts';

/** What a picture is to be like, apart from its media type. */
export interface RenderedParameters extends Omit<PictureStyle, 'type'> {
  /** Parameters that are understood and not supported; the answer names them (PS3.18 8.3.5.1). */
  leftOut: string[];
}

const QUALITY = 90;
/** Longest side of a viewport, in pixels. */
export const MOST_SIDE = 8192;
/** Beyond any picture; the region is cut to what there is. */
const WHOLE = 65_536;
const THUMBNAIL_SIDE = 256;
const ANNOTATIONS = ['patient', 'technique'];
const ICC_PROFILES = ['no', 'yes', 'srgb', 'adobergb', 'rommrgb', 'displayp3'];
const SHAPES: readonly Window['shape'][] = ['linear', 'linear-exact', 'sigmoid'];

/** Query parameters of rendered resources (PS3.18 8.3.5.1, table 8.3.5-1). @throws BadRequest for malformed ones */
export function renderedParameters({ searchParams }: URL): RenderedParameters {
  const viewport = numbersOf(searchParams, 'viewport');
  return {
    quality: qualityOf(searchParams.get('quality')),
    viewport: viewport && viewportOf(viewport),
    region: viewport && regionOf(viewport.slice(2)),
    window: windowOf(searchParams.get('window')),
    leftOut: leftOutOf(searchParams),
  };
}

/** Thumbnails take a size and nothing else (PS3.18 8.3.5.2); 256 pixels unless asked. @throws BadRequest */
export function thumbnailParameters({ searchParams }: URL): RenderedParameters {
  const viewport = numbersOf(searchParams, 'viewport');
  if (viewport && viewport.length > 2) throw new BadRequest('viewport of a thumbnail is width,height.');
  const size = viewport ? viewportOf(viewport) : { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE };
  return { quality: 85, viewport: size, region: null, window: null, leftOut: [] };
}

function qualityOf(text: string | null): number {
  if (text === null) return QUALITY;
  if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > 100) {
    throw new BadRequest('quality is a whole number from 1 to 100.');
  }
  return Number(text);
}

/** Numbers with commas between; an empty place is left to its default. */
function numbersOf(parameters: URLSearchParams, name: string): (number | null)[] | null {
  const text = parameters.get(name);
  if (text === null) return null;
  return text.split(',').map((part) => {
    if (part.trim() === '') return null;
    if (!/^-?\d{1,6}(\.\d{1,6})?$/.test(part)) throw new BadRequest(`${name} is made of numbers.`);
    return Number(part);
  });
}

function viewportOf([width, height, ...rest]: (number | null)[]): { width: number; height: number } {
  const isSide = (side: number | null | undefined): side is number =>
    typeof side === 'number' && Number.isInteger(side) && side >= 1 && side <= MOST_SIDE;
  if (!isSide(width) || !isSide(height) || rest.length > 4) {
    throw new BadRequest(`viewport is width,height[,x,y,width,height], its sides from 1 to ${MOST_SIDE}.`);
  }
  return { width, height };
}

/** The part of the stored image to be shown; a negative width or height turns it round. */
function regionOf(given: (number | null)[]): Region | null {
  if (given.every((part) => part === null)) return null;
  const [x, y, width, height] = given;
  const region = { x: x ?? 0, y: y ?? 0, width: width ?? WHOLE, height: height ?? WHOLE };
  if (region.x < 0 || region.y < 0 || region.width === 0 || region.height === 0) {
    throw new BadRequest('The region begins within the image and is not empty.');
  }
  return region;
}

function windowOf(text: string | null): Window | null {
  if (text === null) return null;
  const number = String.raw`-?\d{1,12}(?:\.\d{1,12})?(?:[eE][+-]?\d{1,2})?`;
  const match = new RegExp(`^(${number}),(${number}),([a-z-]+)$`, 'i').exec(text);
  const shape = SHAPES.find((each) => each === match?.[3]?.toLowerCase());
  const [center, width] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || !shape || !(width > 0) || (shape === 'linear' && width < 1)) {
    throw new BadRequest('window is center,width,function with linear, linear-exact or sigmoid.');
  }
  return { center, width, shape };
}

function leftOutOf(parameters: URLSearchParams): string[] {
  const annotation = parameters.get('annotation');
  const iccProfile = parameters.get('iccprofile');
  const known = annotation?.split(',').every((each) => ANNOTATIONS.includes(each.trim().toLowerCase()));
  if (known === false) throw new BadRequest(`annotation is ${ANNOTATIONS.join(' or ')}.`);
  if (iccProfile !== null && !ICC_PROFILES.includes(iccProfile.toLowerCase())) {
    throw new BadRequest(`iccprofile is one of ${ICC_PROFILES.join(', ')}.`);
  }
  const wantsProfile = iccProfile !== null && iccProfile.toLowerCase() !== 'no';
  return [...(annotation === null ? [] : ['annotation']), ...(wantsProfile ? ['iccprofile'] : [])];
}
