import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { type TestContext, after, before, describe, test } from 'node:test';
import type { Frame } from '@playwright/test';
import type { Attributes } from '../world/dicom/dictionary.ts';
import { anInstance } from '../world/dicom/instance.ts';
import type { Instance } from '../world/dicom/modules.ts';
import { aReport } from '../world/dicom/report.ts';
import { type Looking, type ReadingRoom, aReadingRoom } from '../world/reading-room.ts';
import { viewerPicture } from '../world/viewer-picture.ts';

/** Of the viewer's own dialogs and of how it tries layouts. */
const COMPLAINTS = /Missing `Description`|hanging protocol viewport/;

let room: ReadingRoom;
before(async () => {
  room = await aReadingRoom({ secrets: [], forgive: COMPLAINTS });
});
after(() => room?.close());

async function physicianOpens(t: TestContext, files: readonly Instance[]): Promise<Looking> {
  const looking = await room.open(t, files);
  await viewerPicture(looking.frame);
  return looking;
}

/** Opens what the viewer hides until asked: who the patient is, and every attribute of the image. */
async function unfold(frame: Frame): Promise<void> {
  await frame.getByText('Patient', { exact: true }).click();
  await frame.locator('[data-cy="MoreTools-split-button-secondary"]').click();
  await frame.locator('[data-cy="TagBrowser"]').click();
  // The list draws only what is in sight.
  await frame.getByPlaceholder('Search metadata').fill('PatientName');
  await frame.getByRole('dialog').getByText('(0010,0010)').waitFor();
}

interface Script {
  characterSet: string;
  /** A person name as scanners write it, in that character set. */
  name: Uint8Array;
  /** What must be read of it, in our page and in the viewer. */
  ours: string;
  viewers: RegExp;
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
/** The first four are the examples of PS3.5 H.3.1, I.2, J.3 and K.2. */
const SCRIPTS: Record<string, Script> = {
  Japanese: {
    characterSet: '\\ISO 2022 IR 87',
    name: latin1('Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B'),
    ours: 'Yamada, Tarou',
    viewers: /Yamada|山田/,
  },
  Korean: {
    characterSet: '\\ISO 2022 IR 149',
    name: latin1(
      'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf',
    ),
    ours: 'Hong, Gildong',
    viewers: /Hong|洪/,
  },
  'Chinese, ideographic only': {
    characterSet: 'GB18030',
    name: latin1('=\xcd\xf5^\xd0\xa1\xb6\xab'),
    ours: '王, 小东',
    viewers: /王/,
  },
  Arabic: {
    characterSet: 'ISO_IR 127',
    name: latin1('\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1'),
    ours: 'قباني, لنزار',
    viewers: /قباني/,
  },
  Hebrew: {
    characterSet: 'ISO_IR 138',
    name: latin1('\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4'),
    ours: 'שרון, דבורה',
    viewers: /שרון/,
  },
  Cyrillic: {
    characterSet: 'ISO_IR 144',
    name: latin1('\xbb\xee\xda\xd0^\xb0\xdd\xdd\xd0'),
    ours: 'Люка, Анна',
    viewers: /Люка/,
  },
  Greek: {
    characterSet: 'ISO_IR 126',
    name: latin1('\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2'),
    ours: 'Διονυσιος',
    viewers: /Διονυσιος/,
  },
  Thai: {
    characterSet: 'ISO_IR 166',
    name: latin1('\xca\xc1\xaa\xd2\xc2^\xa1'),
    ours: 'สมชาย, ก',
    viewers: /สมชาย/,
  },
  German: {
    characterSet: 'ISO_IR 100',
    name: latin1('M\xfcller^J\xf6rg'),
    ours: 'Müller, Jörg',
    viewers: /Müller/,
  },
};

describe('names', () => {
  for (const [script, { characterSet, name, ours, viewers }] of Object.entries(SCRIPTS)) {
    test(`a name in ${script} is read as it is written`, { timeout: 180_000 }, async (t) => {
      // A description has no groups: what parts them in names would be letters there.
      const description = name.subarray(0, name.indexOf(0x3d) + 1 || name.length);
      const attributes: Attributes = {
        SpecificCharacterSet: characterSet,
        PatientName: name,
        SeriesDescription: description.length > 1 ? description : name.subarray(1),
      };
      const looking = await physicianOpens(t, [anInstance({ study: { key: script }, attributes })]);
      const { office, frame } = looking;
      await office.page.getByRole('heading', { name: ours }).waitFor();
      await frame.getByText('Patient', { exact: true }).click();
      await frame.getByText(viewers).first().waitFor();
      assert.equal(await frame.getByText('\ufffd').count(), 0, 'no letter is unknown');
      await room.leave(looking);
    });
  }
});

const ALERTS = 'window.top.stung=1,alert(1)';
const PAYLOADS = [
  `"><svg onload=${ALERTS}>`,
  `<img src=x onerror=${ALERTS}>`,
  `</script><script>${ALERTS}</script>`,
  `{{7*7}}\${7*7}`,
  `javascript:${ALERTS}`,
  `<a href="javascript:${ALERTS}">x</a>`,
  `<iframe srcdoc="<script>${ALERTS}</script>">`,
  `<style>@import'http://foreign.example/x'</style>`,
  `\u202eecalevoL\u2066\u0007\u0000`,
];

/** Every attribute that OHIF or our pages show somewhere; LO takes 64 letters, and nobody keeps to that. */
function hostile(payload: string): Attributes {
  const text = payload.replaceAll('\\', '');
  const words = [
    'InstitutionName',
    'InstitutionalDepartmentName',
    'Manufacturer',
    'ManufacturerModelName',
    'StationName',
    'StudyDescription',
    'SeriesDescription',
    'ProtocolName',
    'PatientID',
    'PatientComments',
    'ImageComments',
    'AccessionNumber',
    'StudyID',
    'RequestedProcedureDescription',
    'BodyPartExamined',
    'Laterality',
    'PatientAge',
    'PatientSex',
    'WindowCenterWidthExplanation',
    'DerivationDescription',
    'ReferringPhysicianName',
    'OperatorsName',
    'PerformingPhysicianName',
  ] as const;
  return { PatientName: `${text}^Ada`, ...Object.fromEntries(words.map((word) => [word, text])) };
}

describe('texts', () => {
  for (const payload of PAYLOADS) {
    test(`text from outside does nothing: ${JSON.stringify(payload)}`, { timeout: 180_000 }, async (t) => {
      const study = { key: `hostile/${PAYLOADS.indexOf(payload)}` };
      const files = [
        anInstance({ study, attributes: hostile(payload) }),
        aReport({ study, seriesNumber: 2, text: payload, attributes: hostile(payload) }),
      ];
      const looking = await physicianOpens(t, files);
      const { office, frame } = looking;
      await unfold(frame);
      for (const place of office.page.frames())
        assert.equal(await place.evaluate(() => Reflect.get(window.top ?? window, 'stung')), undefined);
      const shown = await frame.locator('body').innerText();
      assert.doesNotMatch(shown, /[\u0000\u0007\u202e\u2066]/, 'nothing turns or hides letters');
      assert.equal(
        await frame.locator('svg[onload], img[onerror], [srcdoc], a[href^="javascript:"]').count(),
        0,
      );
      await room.leave(looking);
    });
  }
});

test('a name of 64 kB breaks nothing', { timeout: 180_000 }, async (t) => {
  const long = 'Lovelace'.repeat(8000);
  const attributes = { PatientName: long, StudyDescription: long, SeriesDescription: long };
  const looking = await physicianOpens(t, [anInstance({ study: { key: 'long' }, attributes })]);
  const { office, frame } = looking;
  await unfold(frame);
  const wide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
  assert.equal(await office.page.evaluate(wide), false, 'our page stays as wide as the window');
  await room.leave(looking);
});
