import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createShare } from '@filmpost/exchange/shares/commands.ts';
import type { Frame, Page } from '@playwright/test';
import { launchBrowser } from './browser.ts';
import type { Instance } from './dicom/modules.ts';
import { aFacility } from './facility.ts';
import { picturesOfFailure } from './failing.ts';
import { aHouse } from './house.ts';
import { ada } from './people.ts';
import { storeFiles } from './stored.ts';
import { openShare, viewImaging } from './visits/physician.ts';
import { type WatchedContext, type Watching, aWatchedContext, secretsOf } from './watched.ts';

const birthDate = '1981-08-29';

/** What a physician has before them: our page and the viewer in it. */
export interface Looking {
  office: WatchedContext;
  page: Page;
  frame: Frame;
}

/** A house whose exams are opened in the viewer, each by another physician. */
export interface ReadingRoom {
  /** Stores one exam, shares it, and has it opened. */
  open(t: TestContext, files: readonly Instance[]): Promise<Looking>;
  /** Finds everything clean, and leaves the browser to the next physician, who has the viewer's scripts at hand then. */
  leave(looking: Looking): Promise<void>;
  close(): Promise<void>;
}

/** @param watching what the browsers of this room are watched for; everything of Ada's unless told */
export async function aReadingRoom(watching: Partial<Watching> = {}): Promise<ReadingRoom> {
  const house = await aHouse();
  const facility = await aFacility(house.exchange);
  const browser = await launchBrowser();
  const vacant: WatchedContext[] = [];
  const streamed: string[] = [];
  return {
    async open(t, files) {
      await storeFiles(house.exchange, facility, {
        files: files.map(({ bytes }, at) => ({ path: `IM${at}`, bytes })),
      });
      const studyInstanceUid = files[0]?.studyInstanceUid ?? '';
      const exams = { facility: facility.slug, studyInstanceUids: [studyInstanceUid], birthDate };
      const share = await createShare(house.exchange, facility.work, exams);
      const office =
        vacant.pop() ?? (await aWatchedContext(browser, house, { secrets: secretsOf(ada), ...watching }));
      picturesOfFailure(t, { office });
      const { page } = office;
      page.on('dialog', () => assert.fail('a dialog has opened'));
      page.on('request', (request) => {
        const isFrame = new URL(request.url()).pathname.includes('/frames/');
        if (isFrame && request.resourceType() === 'fetch') streamed.push(request.url());
      });
      await openShare(page, { ...share, birthDate });
      return { office, page, frame: await viewImaging(page, studyInstanceUid) };
    },
    async leave({ office }) {
      // Drawn as its bytes come, an image that is not compressed may stay black, and is called damaged.
      assert.deepEqual(streamed, [], 'images are drawn when they are whole');
      await office.expectClean();
      const { context, page } = office;
      const next = await context.newPage();
      await page.close();
      await context.clearCookies();
      vacant.push({ ...office, page: next });
    },
    async close() {
      await browser.close();
      await house.close();
    },
  };
}
