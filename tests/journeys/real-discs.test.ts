import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readHead } from '@filmpost/dicom/read-head.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { z } from 'zod';
import { holdingsOf, sha256, storedDigests } from '../world/archived.ts';
import { launchBrowser } from '../world/browser.ts';
import { type DicomPicture, dicomPicture } from '../world/dicom-picture.ts';
import { picturesOfFailure } from '../world/failing.ts';
import { aFacility } from '../world/facility.ts';
import { type House, aHouse } from '../world/house.ts';
import { expectPicture, viewerPicture } from '../world/viewer-picture.ts';
import type { HandedRequest } from '../world/visits/clerk.ts';
import {
  bill,
  chooseFolder,
  confirm,
  enterPin,
  getReady,
  tickAll,
  upload,
} from '../world/visits/outside-clinic.ts';
import { openShare, viewImaging } from '../world/visits/physician.ts';
import { aWatchedContext } from '../world/watched.ts';

/** What was counted on a disc beforehand, by other programs than ours. */
const countedFolder = z.object({
  folder: z.string(),
  classes: z.record(z.string(), z.number()),
  patients: z.number(),
  patient_list: z.array(z.string()),
  studies: z.number(),
  series: z.number(),
  distinct_instances: z.number(),
});
type CountedFolder = z.infer<typeof countedFolder>;

const samples = process.env.SAMPLES_DIR ?? '';
const list = path.join(samples, 'folders.jsonl');
const known = samples !== '' && existsSync(list);
/** Real discs may carry none; a share then needs one given. */
const birthDate = '1950-05-05';
const discs: CountedFolder[] = known
  ? readFileSync(list, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => countedFolder.parse(JSON.parse(line)))
      .filter(({ folder }) => folder.startsWith('cd/'))
  : [];

let house: House;
let browser: Browser;
before(async () => {
  if (discs.length === 0) return;
  house = await aHouse();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

/** A file of the disc that can be looked at: uncompressed, grey, with a window of its own. */
interface ImageOnDisc {
  sopInstanceUid: string;
  studyInstanceUid: string;
  picture: DicomPicture;
}

interface RealDisc {
  digests: string[];
  images: ImageOnDisc[];
}

function readDisc(folder: string): RealDisc {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((file) => file.isFile());
  const disc: RealDisc = { digests: [], images: [] };
  for (const file of files) {
    const bytes = readFileSync(path.join(file.parentPath, file.name));
    const read = readHead(bytes, bytes.length);
    if (read.kind !== 'head') continue;
    disc.digests.push(sha256(bytes));
    const { sopInstanceUid, studyInstanceUid } = read.head;
    const picture = dicomPicture(bytes);
    if (picture) disc.images.push({ sopInstanceUid, studyInstanceUid, picture });
  }
  disc.digests.sort();
  return disc;
}

/** The largest picture is the hardest to fake. */
function mostTelling(images: readonly ImageOnDisc[]): ImageOnDisc {
  const size = ({ picture }: ImageOnDisc) => picture.columns * picture.rows;
  const [first] = images.toSorted((a, b) => size(b) - size(a));
  assert.ok(first, 'the disc holds an image that can be compared');
  return first;
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Steps 1 to 7 with a whole disc, and the bill that stands below `Success!`. */
async function clinicSends(page: Page, counted: CountedFolder, request: HandedRequest): Promise<string[]> {
  const { patients, studies, distinct_instances: instances } = counted;
  await enterPin(page, request);
  await getReady(page);
  assert.equal(
    await chooseFolder(page, path.join(samples, counted.folder)),
    [plural(patients, 'patient'), plural(studies, 'exam'), plural(instances, 'image')].join(', '),
  );
  // The request asks for somebody else, so nothing is ticked beforehand.
  await tickAll(page);
  await upload(page);
  await confirm(page);
  return bill(page);
}

/** The files on the bill that were left out for one reason. */
function leftOut(lines: readonly string[], words: RegExp): number {
  return Number.parseInt(lines.find((line) => words.test(line)) ?? '0', 10);
}

/** Opens an exam of the disc and compares what the viewer shows with the file it came from. */
async function physicianSees(page: Page, disc: RealDisc, studyInstanceUid: string): Promise<void> {
  const shown = await viewerPicture(await viewImaging(page, studyInstanceUid));
  const source = disc.images.find(({ sopInstanceUid }) => sopInstanceUid === shown.sopInstanceUid);
  assert.ok(source, 'the viewer shows an image of the disc whose pixels are known');
  const { picture } = source;
  assert.deepEqual([shown.columns, shown.rows], [picture.columns, picture.rows]);
  expectPicture(shown, { grayAt: picture.grayAt });
}

if (!known)
  test('real discs', { skip: 'SAMPLES_DIR is not set to the folder of sample discs' }, () => undefined);

for (const counted of discs) {
  test(
    `${counted.folder} arrives as it was counted, and is seen as it is`,
    { timeout: 600_000 },
    async (t) => {
      const { patients, studies, series, distinct_instances: instances, classes } = counted;
      const disc = readDisc(path.join(samples, counted.folder));
      const facility = await aFacility(house.exchange, { name: path.basename(counted.folder) });
      const request = await createRequest(house.exchange, facility.work, {
        facility: facility.slug,
        patientName: 'Somebody^Else',
        birthDate,
        details: 'Whatever is on the disc.',
      });
      const secrets = counted.patient_list.flatMap((patient) => patient.split(/[|^ ]/)).filter(Boolean);
      const clinic = await aWatchedContext(browser, house, { secrets });
      const office = await aWatchedContext(browser, house, { secrets });
      picturesOfFailure(t, { clinic, office });

      const lines = await clinicSends(clinic.page, counted, request);
      assert.ok(lines.includes(`${instances} images arrived`), lines.join('\n'));
      assert.equal(leftOut(lines, /not medical images/), classes.not_dicom ?? 0, lines.join('\n'));
      assert.equal(leftOut(lines, /tables of contents/), classes.dicomdir ?? 0, lines.join('\n'));
      assert.deepEqual(await holdingsOf(house.exchange, facility.id), {
        patients,
        studies,
        series,
        instances,
      });
      assert.deepEqual(await storedDigests(house.exchange, facility.id), disc.digests);

      const { studyInstanceUid } = mostTelling(disc.images);
      const exams = { facility: facility.slug, studyInstanceUids: [studyInstanceUid], birthDate };
      const share = await createShare(house.exchange, facility.work, exams);
      await openShare(office.page, { ...share, birthDate });
      await physicianSees(office.page, disc, studyInstanceUid);
      for (const each of [clinic, office]) {
        await each.expectClean();
        await each.context.close();
      }
    },
  );
}
