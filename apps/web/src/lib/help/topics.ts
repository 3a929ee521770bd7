import type { HelpSubject } from '#lib/paths.ts';

/** One subject of the help page. In `steps` and `notes`, what stands between asterisks is pressed, typed or looked for. */
export interface Topic {
  id: HelpSubject;
  title: string;
  intro: string;
  steps: readonly string[];
  notes: readonly string[];
}

export const TOPICS: readonly Topic[] = [
  {
    id: 'view',
    title: 'Look at the images',
    intro: 'Any current browser will do. There is nothing to install and no account to make.',
    steps: [
      'Open the address on the Access Page, enter the *security code*, then the patient’s *date of birth*.',
      'The *Share Inbox* lists the exams, the newest first. Press *View imaging* beside one.',
      'Choose a series at the left. Scroll through its images with the wheel, or with a finger.',
      'The tools are at the top: brightness, zoom, pan, measure. *Study List* brings you back.',
    ],
    notes: [
      'An exam that says *Transfer in Progress* is still arriving. You may open it already; do not report from it before it is complete.',
    ],
  },
  {
    id: 'download',
    title: 'Download exams',
    intro: 'The files you get are the originals, byte for byte: not compressed, nothing in them changed.',
    steps: [
      'In the Share Inbox press *Download Exams* and tick the exams you need.',
      'Choose *ZIP* for a folder of files, or *Disk Image* if your import tool asks for a disc.',
      'The browser saves *IMAGES_Lastname.zip* or *ISO_Lastname.iso* into your Downloads folder.',
      'For a ZIP: right-click it and choose *Extract All*. The images lie in *IMAGES*, in the folder *DICOMS*.',
    ],
    notes: [
      'A download that breaks off goes on where it stopped: press resume in the browser’s list of downloads.',
    ],
  },
  {
    id: 'import',
    title: 'Import into your PACS',
    intro: 'Every PACS has an import for discs and folders. The words differ; the steps do not.',
    steps: [
      'Unpack the ZIP, or mount the disk image.',
      'In your PACS or its import tool, choose *Import from disk*, *from folder* or *from CD*.',
      'Point it at the unpacked folder, where *DICOMDIR* lies. If it takes no DICOMDIR, point it at *IMAGES*.',
      'Match the exams with your patient before you accept them.',
    ],
    notes: [
      'The tool accepts discs only? Download the *Disk Image* and mount it: the tool then sees a disc drive.',
    ],
  },
  {
    id: 'pacs',
    title: 'Send to your PACS without a download',
    intro: 'If your PACS or archive speaks DICOMweb, the images can go there directly.',
    steps: [
      'In the Share Inbox press *Send to your PACS*.',
      'Your PACS can fetch: press *Make a key*, and give its administrator the address and the key. The key reads this share only, for a day at most.',
      'Or this browser can deliver: type the DICOMweb address of your PACS, choose the exams and press *Send*. Each image is answered by itself, and those that failed can be sent again.',
    ],
    notes: [
      'Delivering goes from your browser to your PACS and never through our server. Your PACS has to allow it; the page says what your IT department must set.',
    ],
  },
  {
    id: 'mount',
    title: 'Mount the disk image on Windows 10 and later',
    intro: 'A mounted disk image looks like a disc in a drive. Nothing has to be installed.',
    steps: [
      'Find *ISO_Lastname.iso* in your Downloads folder.',
      'Right-click it and choose *Mount*. A new drive appears under *This PC*, named *IMAGES*.',
      'Use it like a CD: import from it, or open *INDEX.HTM*.',
      'When you are done, right-click the drive and choose *Eject*.',
    ],
    notes: ['On a Mac, double-click the file. On Linux, open it with the disk image mounter.'],
  },
  {
    id: 'burn',
    title: 'Burn a CD or DVD',
    intro: 'A computer with a burner and an empty disc are enough.',
    steps: [
      'Download the exams as *Disk Image*. The page says whether it fits a CD (700 MB) or a DVD (4.7 GB).',
      'Put an empty disc into the burner.',
      'Right-click *ISO_Lastname.iso* and choose *Burn disc image*.',
      'Tick *Verify disc after burning*, then press *Burn*.',
    ],
    notes: [
      'Do not copy the .iso file onto the disc as a file: other computers would then find one file and no images.',
    ],
  },
  {
    id: 'usb',
    title: 'Save to a USB drive',
    intro: 'For a computer without internet, or for a PACS in a closed network.',
    steps: [
      'Download the exams as *ZIP* and unpack it.',
      'Copy everything that was unpacked onto the USB drive: the folder *IMAGES*, *DICOMDIR* and the other files.',
      'Eject the drive before you pull it out.',
    ],
    notes: [
      'The drive now holds a patient’s records. Use one that is encrypted, and delete the files when they have been imported.',
    ],
  },
  {
    id: 'verify',
    title: 'Verify a package',
    intro: 'A check shows whether every file is what left the exchange, also after years on a USB drive.',
    steps: [
      'Open the page *Verify a package*.',
      'Choose the ZIP or ISO file, the unpacked folder, or the disc.',
      'The page reads every file and compares it with the signed list that came along. Files that differ or are missing are named.',
    ],
    notes: [
      'It proves that the files are those this exchange gave out. It does not prove whose images they are.',
      'Without a browser: *sha256sum -c MANIFEST.SHA256* in the unpacked folder compares the files, though not the signature.',
    ],
  },
  {
    id: 'unreachable',
    title: '“This site can’t be reached”',
    intro: 'Hospital networks often allow only addresses that their IT department knows.',
    steps: [
      'Check the address for typing errors.',
      'Try a phone on its own network, not on the hospital’s Wi-Fi. If the page opens there, the hospital’s network blocks it.',
      'Open the *network check*. It tries everything uploading and viewing need, and prints a page for your IT department.',
    ],
    notes: [
      'Until it is allowed: look at the images on a computer outside that network, or ask the sender for a disc.',
    ],
  },
];

/** A text in pieces; every second one is what stood between asterisks. */
export function pieces(text: string): string[] {
  return text.split('*');
}
