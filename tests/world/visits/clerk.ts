import type { Page } from '@playwright/test';
import type { Person } from '../facility.ts';
import type { House } from '../house.ts';

/** What a clerk reads out to an outside clinic. */
export interface HandedRequest {
  url: string;
  pin: string;
}

/** What a clerk hands to a physician. */
export interface HandedShare {
  url: string;
  code: string;
}

export interface RequestWords {
  family: string;
  given: string;
  birthDate: string;
  outsideFacility: string;
  details: string;
}

export async function signIn(page: Page, house: House, { email, password }: Person): Promise<void> {
  await page.goto(`${house.url}/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Requests', exact: true }).waitFor();
}

/** Fills in the form and reads address and PIN from the screen; leaves the request open beside the list. */
export async function makeRequest(page: Page, words: RequestWords): Promise<HandedRequest> {
  await page.getByRole('link', { name: 'New request' }).click();
  const field = (name: string) => page.getByRole('textbox', { name });
  await field('Family name').fill(words.family);
  await field('Given name').fill(words.given);
  await field('Date of birth').fill(words.birthDate);
  await field('Outside facility').fill(words.outsideFacility);
  await field('Request Details').fill(words.details);
  await page.getByRole('button', { name: 'Make the request' }).click();
  const handed = { url: await shown(page, 'Request Page'), pin: await shown(page, 'PIN') };
  await page.getByRole('link', { name: 'Open the request' }).click();
  await page.getByRole('button', { name: 'Share with a physician' }).waitFor();
  return handed;
}

/** Shares the request that is open, whatever has come of it. */
export async function shareRequest(page: Page): Promise<HandedShare> {
  await page.getByRole('button', { name: 'Share with a physician' }).click();
  await page.getByRole('button', { name: 'Make the security code' }).click();
  const handed = { url: await shown(page, 'Address'), code: await shown(page, 'Security code') };
  await page.getByRole('button', { name: 'Done' }).click();
  return handed;
}

/** What stands in large letters under a label, to be read out. */
async function shown(page: Page, label: string): Promise<string> {
  const text = await page
    .getByRole('group', { name: label, exact: true })
    .locator('.select-all')
    .textContent();
  return text?.trim() ?? '';
}

/** Revokes the one share of the request that is open. */
export async function revokeShare(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Code and expiry' }).click();
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page
    .getByRole('dialog', { name: 'Revoke this share?' })
    .getByRole('button', { name: 'Revoke' })
    .click();
  await page.getByRole('dialog', { name: 'Revoke this share?' }).waitFor({ state: 'detached' });
}
