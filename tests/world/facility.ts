import { admit, operator, recognise } from '@filmpost/exchange/access/gate/commands.ts';
import type { Granted } from '@filmpost/exchange/access/gate/schema.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import { addStaff, createDevice, createFacility } from '@filmpost/exchange/facilities/commands.ts';

export interface Facility {
  id: string;
  slug: string;
  /** The right of its clerks, as the gate gives it to the exchange itself. */
  work: Granted<'facility:work'>;
  administer: Granted<'facility:administer'>;
}

/** A facility ready to be worked with. */
export async function aFacility(
  exchange: Exchange,
  { name = 'St. Antony Memorial Hospital', slug }: { name?: string; slug?: string } = {},
): Promise<Facility> {
  const operate = await admit(exchange, operator(), { capability: 'exchange:operate', subject: {} });
  const created = await createFacility(exchange, operate, {
    name,
    slug,
    contactPhone: '+1 555 0100',
    contactEmail: 'films@st-antony.example',
  });
  const subject = { facility: created.slug };
  return {
    ...created,
    work: await admit(exchange, operator(), { capability: 'facility:work', subject }),
    administer: await admit(exchange, operator(), { capability: 'facility:administer', subject }),
  };
}

export interface Person {
  name: string;
  email: string;
  password: string;
  role: 'clerk' | 'administrator';
}

/** The clerk of most journeys. */
export const maya: Person = {
  name: 'Maya Chen',
  email: 'maya@st-antony.example',
  password: 'a long sentence for a short test',
  role: 'clerk',
};

/** Somebody of the facility's staff who can sign in. */
export async function aStaffMember(exchange: Exchange, facility: Facility, person: Person): Promise<Person> {
  await addStaff(exchange, facility.administer, { ...person, facility: facility.slug });
  return person;
}

export interface Device {
  id: string;
  key: string;
  store: Granted<'archive:store'>;
}

/** A machine of the facility: its key and the right to store that comes with it. */
export async function aDevice(exchange: Exchange, facility: Facility, name = 'CT scanner'): Promise<Device> {
  const { id, key } = await createDevice(exchange, facility.administer, name);
  const visitor = await recognise(exchange, { address: 'local', headers: new Headers(), bearer: key });
  const store = await admit(exchange, visitor, { capability: 'archive:store', subject: {} });
  return { id, key, store };
}
