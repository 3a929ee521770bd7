import { NoPicture } from './refusals.ts';
export interface PictureOrder {
  path: string;
}
export interface Picture {
  type: 'image/jpeg' | 'image/png';
  bytes: Uint8Array;
  columns: number;
  rows: number;
}
export function render(_order: PictureOrder): Picture {
  throw new NoPicture('unsupported');
}
