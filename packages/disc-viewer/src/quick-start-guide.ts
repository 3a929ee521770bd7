/** `GUIDE.PDF`: one page for whoever holds the disc. The same on every disc, so it names nobody. */

import { type PdfLine, pdfPage } from './pdf-page.ts';

const TITLE = 'Quick Start Guide';

const SECTIONS: readonly (readonly [heading: string, ...paragraphs: string[]])[] = [
  [
    'Look at the images',
    'Nothing has to be installed, and no network is needed. Any current Chrome, Edge, Firefox or Safari will do.',
    '1. Windows: open the disc in File Explorer. If it came as an .iso file, double-click that file first. If it came as a .zip file, right-click it, choose "Extract All" and open the new folder.',
    '    macOS: open the disc in Finder. Double-click an .iso or .zip file first.',
    '    Linux: open the disc in Files. An .iso file opens with "Disk Image Mounter", a .zip file with "Extract".',
    '2. Double-click INDEX.HTM and choose "Look at the images in this browser".',
    '3. Press "Open this disc" and choose the disc, or the folder that holds INDEX.HTM. The browser may call this an upload and ask whether you trust the site: nothing leaves your computer.',
  ],
  [
    'Find your way',
    'Choose a series at the left. Scroll with the wheel, the arrow keys or the bar below the image. "Window" makes a drag change brightness and contrast; presets for CT are in the list beside it. "Zoom" and "Move" do what they say; with two fingers you do both. "Play" runs a recording. "Reset" undoes it all. "Help" lists the keys.',
  ],
  [
    'Import the exams into a PACS or a workstation',
    'Point the import at the disc, at its folder IMAGES, or at the file DICOMDIR, which lists all images. The images are the originals in DICOM format. If your software reads only uncompressed images and refuses some, README.TXT says whether any of them are compressed.',
  ],
  [
    'If it does not work',
    'A page that stays empty: copy the whole disc to a folder and open INDEX.HTM there. Some workplaces forbid scripts in local files; then IHE_PDI/INDEX.HTM, if there is one, shows copies of images without any script.',
    'An image that "cannot be shown here" may still open in other software: the viewer says so rather than show a wrong picture.',
  ],
  [
    'Please note',
    'The viewer is a convenience and not for diagnostic use. The disc holds medical information about identifiable people: if it was not meant for you, do not copy it, and return it to the institution named in README.TXT.',
  ],
];

const MOST_CHARACTERS = 92;

export function quickStartGuide(): Uint8Array {
  const lines: PdfLine[] = [{ text: TITLE, size: 24, bold: true, above: 0 }];
  for (const [heading, ...paragraphs] of SECTIONS) {
    lines.push({ text: heading, size: 13, bold: true, above: 12 });
    for (const paragraph of paragraphs)
      wrapped(paragraph).forEach((text, index) =>
        lines.push({ text, size: 10.5, bold: false, above: index === 0 ? 3 : 0 }),
      );
  }
  return pdfPage(TITLE, lines);
}

/** Lines of no more characters than fit in Helvetica; those that follow stand in as far as the first. */
function wrapped(paragraph: string): string[] {
  const indent = /^(?:\d\. | +)/.test(paragraph) ? '    ' : '';
  const lines: string[] = [];
  let line = /^ */.exec(paragraph)?.[0] ?? '';
  for (const word of paragraph.trim().split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > MOST_CHARACTERS) {
      lines.push(line);
      line = indent;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
