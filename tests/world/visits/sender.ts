import type { TestContext } from 'node:test';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import type { Browser, Page } from '@playwright/test';
import { picturesOfFailure } from '../failing.ts';
import { type Facility, aFacility } from '../facility.ts';
import type { House } from '../house.ts';
import type { Line } from '../line.ts';
import { ada, noah } from '../people.ts';
import { aWatchedContext, secretsOf } from '../watched.ts';
import { enterPin, getReady } from './outside-clinic.ts';

export interface Sender {
  page: Page;
  /** Asked for Ada's images, and nobody else's test knows it. */
  facility: Facility;
  expectClean(): Promise<void>;
}

interface Where {
  house: House;
  browser: Browser;
  /** Runs in the page before anything of ours does: makes the browser another one. */
  beforehand?: (() => void) | undefined;
  /** What the journey provokes itself. */
  forgive?: RegExp;
  /** The line the sender has to the server. */
  proxy?: Line['proxy'];
}

/** Somebody who stands before step 4 with a disc in the hand, asked for the images of Ada. */
export async function aSenderAt(
  t: TestContext,
  { house, browser, beforehand, ...options }: Where,
): Promise<Sender> {
  const facility = await aFacility(house.exchange, { name: `Facility of ${t.name.slice(0, 40)}` });
  const request = await createRequest(house.exchange, facility.work, {
    facility: facility.slug,
    patientName: ada.name,
    birthDate: '1981-08-29',
    details: 'Everything there is.',
  });
  const secrets = [...secretsOf(ada), ...secretsOf(noah)];
  const visitor = await aWatchedContext(browser, house, { secrets, ...options });
  picturesOfFailure(t, { visitor });
  t.after(() => visitor.context.close());
  if (beforehand) await visitor.context.addInitScript(beforehand);
  await enterPin(visitor.page, request);
  await getReady(visitor.page);
  return { ...visitor, facility };
}
