import { Buffer } from 'node:buffer';
import { anInstance } from './instance.ts';
import type { StudyContext } from './modules.ts';

/** A file that is no image, or no whole one, as CDs carry them. */
export interface Litter {
  /** As it stands on the medium, folders separated by `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const text = (content: string) => Buffer.from(content.replaceAll('\n', '\r\n'));

/** A program as far as its first bytes tell: MZ, the DOS stub, and zeros. */
function program(size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.write('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff', 'latin1');
  bytes.write('This program cannot be run in DOS mode.\r\r\n$', 78, 'latin1');
  return bytes;
}

/** The header of an OLE2 compound file, which Windows keeps its thumbnails in. */
function thumbnails(): Uint8Array {
  return Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(4088)]);
}

/** A whole JPEG of one grey pixel. */
const onePixelJpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////' +
    '////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
  'base64',
);

/** What the burning station adds to every disc. */
export function stationLitter(): Litter[] {
  return [
    { path: 'AUTORUN.INF', bytes: text('[autorun]\nopen=VIEWER.EXE\nicon=VIEWER.EXE,0\nlabel=IMAGES\n') },
    { path: 'VIEWER.EXE', bytes: program(48 * 1024) },
    { path: 'VIEWER/CODEC.DLL', bytes: program(20 * 1024) },
    { path: 'VIEWER/VIEWUI.DLL', bytes: program(28 * 1024) },
    { path: 'VIEWER/SPLASH.JPG', bytes: onePixelJpeg },
    { path: 'VIEWER/VIEWER.INI', bytes: text('[viewer]\nlanguage=en\nopen=..\\DICOMDIR\n') },
    {
      path: 'README.HTM',
      bytes: text('<html><body><h1>Your images</h1><p>Open VIEWER.EXE to see them.</p></body></html>\n'),
    },
    { path: 'Thumbs.db', bytes: thumbnails() },
  ];
}

/** Emoji, and longer than any file system allows; browsers still hand such names over from archives. */
export const longName = `${'🩻 scan '.repeat(37)}.dcm`.padStart(300, 'x');

/** Files that look like images and are not, or not whole: for tests, never on the demo disc. */
export function treacherousLitter(study: StudyContext): Litter[] {
  const whole = anInstance({ study, seriesNumber: 99, instanceNumber: 99 }).bytes;
  return [
    { path: 'fake.dcm', bytes: text('This is a text file that somebody renamed.\n') },
    { path: 'DICOM/CUT', bytes: whole.subarray(0, Math.floor(whole.length * 0.6)) },
    { path: 'DICOM/EMPTY', bytes: new Uint8Array() },
    { path: longName, bytes: text('An odd name and nothing in it.\n') },
  ];
}

/** The longest form of a name that file systems take: 255 bytes of UTF-8, the extension kept. */
export function nameOnDisk(name: string): string {
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? '';
  const characters = [...name.slice(0, name.length - extension.length)];
  while (Buffer.byteLength(characters.join('') + extension) > 255) characters.pop();
  return characters.join('') + extension;
}
