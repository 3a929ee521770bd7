import { formatCount, formatNumber } from '#lib/ui/format.ts';
import type { Fault, PackageCheck } from './check-package.ts';
import type { SignatureVerdict } from './signature.ts';

/** A finding: what happened and what it means. */
export interface Words {
  tone: 'good' | 'warn' | 'error';
  title: string;
  meaning: string;
}

export const FAULT_WORDS: Record<Fault, string> = {
  changed: 'is not what was sent',
  missing: 'is missing',
  unreadable: 'cannot be read',
  twice: 'is there twice, with one name',
};

/**
 * `1,204 of 1,204 images verified`, and what that means. Nothing is verified by a list that anybody may have written:
 * without a good signature the images are only said to agree with it.
 */
export function verdictWords({ images, files, bad, signature }: PackageCheck): Words {
  const found = signature === 'good' ? 'verified' : 'as the list says';
  const title = `${formatNumber(images.verified)} of ${formatCount(images.listed, 'image')} ${found}`;
  if (bad.length === 0) {
    const others = formatCount(files.listed - images.listed, 'other file');
    const meaning = `Every image, and ${others} of the package, is what its list says, byte for byte.`;
    return signature === 'good'
      ? { tone: 'good', title, meaning }
      : { tone: 'warn', title, meaning: `${meaning} That proves nothing as long as the list is not proved.` };
  }
  const [are, they, them] = bad.length === 1 ? ['is', 'it is', 'it'] : ['are', 'they are', 'them'];
  const meaning = `${formatCount(bad.length, 'file')} of the package ${are} missing or not what was sent; ${they} named below. Do not use ${them}: download the exams again.`;
  return { tone: 'error', title, meaning };
}

export const SIGNATURE_WORDS: Record<SignatureVerdict, Words> = {
  good: {
    tone: 'good',
    title: 'Signed by this exchange',
    meaning: 'The list of files was made here and nobody has changed it since.',
  },
  'another-key': {
    tone: 'error',
    title: 'Not signed by this exchange',
    meaning:
      'The list of files was signed with another key, or changed after it was signed. If the package came from another exchange, check it on that exchange’s own page; otherwise do not rely on it.',
  },
  missing: {
    tone: 'error',
    title: 'The signature is missing',
    meaning:
      'MANIFEST.SIG is not in the package, so anybody could have written its list of files. Download the exams again.',
  },
  unsupported: {
    tone: 'warn',
    title: 'The files were checked, the signature was not',
    meaning:
      'This browser cannot check signatures here. The files are compared with their list, but who wrote the list is not proved. Use a current browser, and an address that begins with https.',
  },
  'no-key': {
    tone: 'warn',
    title: 'The files were checked, the signature was not',
    meaning:
      'The key of this exchange could not be fetched. The files are compared with their list, but who wrote the list is not proved. Check again when you are connected.',
  },
};

/** Why nothing could be checked. */
export const NO_MANIFEST: Words = {
  tone: 'error',
  title: 'This is no package that can be checked',
  meaning:
    'There is no MANIFEST.SHA256 in it. Choose the ZIP or ISO file as it was downloaded, or the whole folder that was unpacked from it.',
};
