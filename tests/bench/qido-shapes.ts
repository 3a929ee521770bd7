import { DAYS, FAMILY_NAMES, GIVEN_NAMES } from './qido-catalogue.ts';

const FIELDS = 'includefield=00081030,00080061,00201206,00201208';
const DAY_MS = 86_400_000;

/** Whole numbers below `below`, always the same ones in the same order (mulberry32). */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function dayAfter(days: number): string {
  return new Date(Date.UTC(2016, 0, 1) + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

type Shape = (pick: (below: number) => number, count: number) => string;

/** The questions that are asked of archives all day, over a catalogue of `count` studies. */
export const SHAPES: Record<string, Shape> = {
  patient: (pick, count) => `PatientID=P${String(Math.floor(pick(count) / 3)).padStart(7, '0')}&${FIELDS}`,
  'date + modality': (pick) => {
    const first = pick(DAYS);
    return `StudyDate=${dayAfter(first)}-${dayAfter(first + 6)}&ModalitiesInStudy=CT&${FIELDS}&limit=101`;
  },
  'name*': (pick) =>
    `PatientName=${encodeURIComponent(FAMILY_NAMES[pick(FAMILY_NAMES.length)] ?? '')}*&${FIELDS}&limit=101`,
  '*infix*': (pick) =>
    `PatientName=*${GIVEN_NAMES[pick(GIVEN_NAMES.length)]?.slice(0, 4)}*&${FIELDS}&limit=101`,
  worklist: (pick) => `limit=101&offset=${101 * pick(5)}&${FIELDS}`,
};
