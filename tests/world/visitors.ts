import { randomBytes } from 'node:crypto';
import { cookieName } from '@filmpost/api/knock.ts';
import { enterWithCode } from '@filmpost/exchange/access/codes/commands.ts';
import { admit, recognise } from '@filmpost/exchange/access/gate/commands.ts';
import type { Granted, Visitor } from '@filmpost/exchange/access/gate/schema.ts';
import { enterWithPin } from '@filmpost/exchange/access/pins/commands.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { type NewRequest, type CreatedRequest } from '@filmpost/exchange/requests/schema.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import type { Facility, Person } from './facility.ts';

/** What a visitor sends along with every request. */
export type Papers = Record<string, string>;

export const anonymous: Papers = {};

/** An address nobody has knocked from before, so that no throttle of another test is met. */
export function anAddress(): string {
  return `test ${randomBytes(8).toString('hex')}`;
}

export async function aRecipient(
  exchange: Exchange,
  entry: { code: string; birthDate: string },
): Promise<Papers> {
  const { token } = await enterWithCode(exchange, entry, anAddress());
  return { cookie: `${cookieName('recipient', exchange.publicUrl)}=${token}` };
}

export async function anUploader(
  exchange: Exchange,
  entry: { facility: string; pin: string; birthDate?: string },
): Promise<Papers> {
  const { token } = await enterWithPin(exchange, entry, anAddress());
  return { cookie: `${cookieName('uploader', exchange.publicUrl)}=${token}` };
}

/** Somebody of the staff who has signed in. */
export async function signedIn(exchange: Exchange, { email, password }: Person): Promise<Papers> {
  const { headers } = await exchange.staffAuth.api.signInEmail({
    body: { email, password },
    returnHeaders: true,
  });
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
  return { cookie: cookies.join('; ') };
}

export function withKey(key: string): Papers {
  return { authorization: `Bearer ${key}` };
}

/** The visitor that these papers make, as the gate sees it. */
export function visitorWith(exchange: Exchange, papers: Papers): Promise<Visitor> {
  const { cookie = '', authorization = '' } = papers;
  const token = (kind: 'recipient' | 'uploader') =>
    new RegExp(`${cookieName(kind, exchange.publicUrl)}=([^;]+)`).exec(cookie)?.[1];
  return recognise(exchange, {
    address: anAddress(),
    headers: new Headers(papers),
    bearer: /^Bearer (.+)$/.exec(authorization)?.[1],
    recipientToken: token('recipient'),
    uploaderToken: token('uploader'),
  });
}

export interface SentRequest extends CreatedRequest {
  uploader: Papers;
  /** The uploader's right to answer the request. */
  fulfil: Granted<'request:fulfil'>;
}

/** A request that its outside clinic has opened with the PIN. */
export async function anOpenedRequest(
  exchange: Exchange,
  facility: Facility,
  details: Partial<NewRequest> = {},
): Promise<SentRequest> {
  const { birthDate = '1981/08/29' } = details;
  const created = await createRequest(exchange, facility.work, {
    facility: facility.slug,
    patientName: 'Lovelace^Ada',
    outsideFacility: 'Palm Beach Imaging',
    details: 'All prior imaging of the head.',
    ...details,
    birthDate,
  });
  // A facility of many open requests asks for it.
  const uploader = await anUploader(exchange, { facility: facility.slug, pin: created.pin, birthDate });
  const visitor = await visitorWith(exchange, uploader);
  return {
    ...created,
    uploader,
    fulfil: await admit(exchange, visitor, { capability: 'request:fulfil', subject: {} }),
  };
}
