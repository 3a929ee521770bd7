import path from 'node:path';
import type { StoredDemo } from './demo.ts';

const WIDTH = 16;
const line = (label: string, text: string) => `  ${label.padEnd(WIDTH)}${text}`;
const more = (text: string) => line('', text);

function table(rows: string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

/** The stored address with today's beginning: the port may be another one than when the demo was made. */
function at(address: string, stored: string): string {
  const { pathname, search, hash } = new URL(stored, address);
  return `${address}${pathname}${search}${hash}`;
}

/** As short as it can be typed from here. */
function folder(directory: string): string {
  const near = path.relative(process.cwd(), directory);
  return near.startsWith('..') ? directory : near;
}

function demoLines(demo: StoredDemo, address: string): string[] {
  const people = table(demo.people.map(({ name, role, email, password }) => [name, role, email, password]));
  const [first = '', ...others] = people;
  return [
    line('Sign in as', first),
    ...others.map(more),
    '',
    line('Send a disc', `${at(address, demo.requestPage.url)}   PIN ${demo.requestPage.pin}`),
    more(`with the sample disc in ${folder(demo.discDirectory)}`),
    '',
    line('Receive images', at(address, demo.share.url)),
    more(`code ${demo.share.code}   date of birth ${demo.share.dateOfBirth}`),
    '',
  ];
}

/** What a person who has just started Filmpost wants to know, and nothing else. */
export function summary(address: string, demo: StoredDemo | undefined): string {
  return [
    '',
    `  Filmpost is ready at ${address}`,
    '',
    ...(demo ? demoLines(demo, address) : []),
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
}
