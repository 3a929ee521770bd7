import { admit, operator } from '@filmpost/exchange/access/gate/commands.ts';
import { examsOfUpload, listStudies } from '@filmpost/exchange/archive/queries.ts';
import { verifyAudit } from '@filmpost/exchange/audit/queries.ts';
import type { Exchange } from '@filmpost/exchange/exchange.ts';
import {
  CannotBeDone,
  addStaff,
  createDevice,
  createFacility,
  limitFacility,
  revokeDevice,
} from '@filmpost/exchange/facilities/commands.ts';
import { listDevices, listFacilities, listStaff } from '@filmpost/exchange/facilities/queries.ts';
import { parseBytes } from '@filmpost/exchange/facilities/rules.ts';
import {
  listEveryUpload,
  listUploads,
  setAsideFiles,
  uploadProgress,
} from '@filmpost/exchange/intake/queries.ts';
import { sendersOf } from '@filmpost/exchange/intake/senders/queries.ts';
import { storageState } from '@filmpost/exchange/intake/stocktaking/queries.ts';
import { cancelRequest } from '@filmpost/exchange/requests/cancelling/commands.ts';
import { createRequest } from '@filmpost/exchange/requests/commands.ts';
import { findRequest, listRequests } from '@filmpost/exchange/requests/queries.ts';
import { createShare, revokeShare } from '@filmpost/exchange/shares/commands.ts';
import { listShares } from '@filmpost/exchange/shares/queries.ts';
import { type CommandLine, UsageError } from './arguments.ts';

export type Command = { usage: string; run(exchange: Exchange, line: CommandLine): Promise<unknown> };

const work = (exchange: Exchange, line: CommandLine) =>
  admit(exchange, operator(), {
    capability: 'facility:work',
    subject: { facility: line.required('facility') },
  });
const administer = (exchange: Exchange, line: CommandLine) =>
  admit(exchange, operator(), {
    capability: 'facility:administer',
    subject: { facility: line.required('facility') },
  });
const operate = (exchange: Exchange) =>
  admit(exchange, operator(), { capability: 'exchange:operate', subject: {} });

/** @throws UsageError for what is no size and not `none` */
function bytesOrNone(text: string): number | null {
  const bytes = text === 'none' ? null : parseBytes(text);
  if (bytes === null && text !== 'none') {
    throw new UsageError('--bytes is a size such as 500GB, 2TB or 1000000, or none.');
  }
  return bytes;
}

function role(text: string): 'clerk' | 'administrator' {
  if (text !== 'clerk' && text !== 'administrator') throw new UsageError('--role is clerk or administrator.');
  return text;
}

/** @throws CannotBeDone with `otherwise` when none is wanted */
function one<Row>(rows: readonly Row[], wanted: (row: Row) => boolean, otherwise: string): Row {
  const row = rows.find(wanted);
  if (!row) throw new CannotBeDone(otherwise);
  return row;
}

/** Every command of the operator's command line: it calls what the web calls, through the same gate. */
export const COMMANDS: Record<string, Record<string, Command>> = {
  facility: {
    create: {
      usage: '--name N [--slug S] [--timezone Z] [--phone P] [--email E]',
      run: async (exchange, line) =>
        createFacility(exchange, await operate(exchange), {
          name: line.required('name'),
          slug: line.option('slug'),
          timezone: line.option('timezone'),
          contactPhone: line.option('phone'),
          contactEmail: line.option('email'),
        }),
    },
    limit: {
      usage: '--facility SLUG --bytes 500GB|none',
      run: async (exchange, line) =>
        limitFacility(exchange, await operate(exchange), {
          facility: line.required('facility'),
          quotaBytes: bytesOrNone(line.required('bytes')),
        }),
    },
    list: { usage: '', run: async (exchange) => listFacilities(exchange, await operate(exchange)) },
    show: {
      usage: '--facility SLUG',
      run: async (exchange, line) => {
        const all = await listFacilities(exchange, await operate(exchange));
        return one(all, ({ slug }) => slug === line.required('facility'), 'There is no such facility.');
      },
    },
  },
  staff: {
    create: {
      usage: '--facility SLUG --name N --email E --role clerk|administrator [--password P]',
      run: async (exchange, line) =>
        addStaff(exchange, await administer(exchange, line), {
          facility: line.required('facility'),
          name: line.required('name'),
          email: line.required('email'),
          role: role(line.option('role') ?? 'clerk'),
          password: line.option('password'),
        }),
    },
    list: {
      usage: '--facility SLUG',
      run: async (exchange, line) => listStaff(exchange, await administer(exchange, line)),
    },
  },
  device: {
    create: {
      usage: '--facility SLUG --name N',
      run: async (exchange, line) =>
        createDevice(exchange, await administer(exchange, line), line.required('name')),
    },
    list: {
      usage: '--facility SLUG',
      run: async (exchange, line) => listDevices(exchange, await administer(exchange, line)),
    },
    revoke: {
      usage: '--facility SLUG --id ID',
      run: async (exchange, line) => {
        await revokeDevice(exchange, await administer(exchange, line), line.required('id'));
        return { id: line.required('id'), revoked: true };
      },
    },
  },
  request: {
    create: {
      usage:
        '--facility SLUG --patient "Family^Given" --dob YYYY-MM-DD --details T [--from "Outside facility"]',
      run: async (exchange, line) => {
        const { requestId, pin, url } = await createRequest(exchange, await work(exchange, line), {
          facility: line.required('facility'),
          patientName: line.required('patient'),
          birthDate: line.required('dob'),
          details: line.required('details'),
          outsideFacility: line.option('from'),
        });
        return { id: requestId, pin, url };
      },
    },
    list: {
      usage: '--facility SLUG',
      run: async (exchange, line) => {
        const rows = await listRequests(exchange, await work(exchange, line));
        return rows.map(({ requestId, ...row }) => ({ id: requestId, ...row }));
      },
    },
    show: {
      usage: '--id ID',
      run: async (exchange, line) => {
        const subject = { requestId: line.required('id') };
        const granted = await admit(exchange, operator(), { capability: 'request:watch', subject });
        const { requestId, ...request } = await findRequest(exchange, granted);
        return { id: requestId, ...request };
      },
    },
    cancel: {
      usage: '--id ID',
      run: async (exchange, line) => {
        const subject = { requestId: line.required('id') };
        await cancelRequest(
          exchange,
          await admit(exchange, operator(), { capability: 'request:watch', subject }),
        );
        return { id: subject.requestId, state: 'cancelled' };
      },
    },
  },
  share: {
    create: {
      usage: '--facility SLUG (--study UID [--study UID …] | --request ID) [--dob YYYY-MM-DD] [--note T]',
      run: async (exchange, line) => {
        const { shareId, code, url, expiresAt } = await createShare(exchange, await work(exchange, line), {
          facility: line.required('facility'),
          studyInstanceUids: line.repeated('study'),
          requestId: line.option('request'),
          birthDate: line.option('dob'),
          note: line.option('note'),
        });
        return { id: shareId, code, url, expiresAt };
      },
    },
    list: {
      usage: '--facility SLUG',
      run: async (exchange, line) => {
        const rows = await listShares(exchange, await work(exchange, line));
        return rows.map(({ shareId, ...row }) => ({ id: shareId, ...row }));
      },
    },
    show: {
      usage: '--facility SLUG --id ID',
      run: async (exchange, line) => {
        const all = await listShares(exchange, await work(exchange, line));
        const wanted = line.required('id');
        const { shareId, ...share } = one(
          all,
          (row) => row.shareId === wanted,
          'This facility has no such share.',
        );
        return { id: shareId, ...share };
      },
    },
    revoke: {
      usage: '--id ID',
      run: async (exchange, line) => {
        const subject = { shareId: line.required('id') };
        await revokeShare(
          exchange,
          await admit(exchange, operator(), { capability: 'share:manage', subject }),
        );
        return { id: subject.shareId, revoked: true };
      },
    },
  },
  upload: {
    list: {
      usage: '[--facility SLUG]',
      run: async (exchange, line) => {
        const rows =
          line.option('facility') === undefined
            ? await listEveryUpload(exchange, await operate(exchange))
            : await listUploads(exchange, await work(exchange, line));
        return rows.map(({ uploadId, ...row }) => ({ id: uploadId, ...row }));
      },
    },
    show: {
      usage: '--id ID',
      run: async (exchange, line) => {
        const subject = { uploadId: line.required('id') };
        const granted = await admit(exchange, operator(), { capability: 'upload:read', subject });
        const { uploadId, ...upload } = await uploadProgress(exchange, granted);
        const [exams, setAside, senders] = await Promise.all([
          examsOfUpload(exchange, granted),
          setAsideFiles(exchange, granted),
          sendersOf(exchange, granted),
        ]);
        return { id: uploadId, ...upload, senders, exams, files: setAside };
      },
    },
  },
  storage: {
    show: { usage: '', run: async (exchange) => storageState(exchange, await operate(exchange)) },
  },
  study: {
    list: {
      usage: '--facility SLUG [--search TEXT]',
      run: async (exchange, line) =>
        listStudies(exchange, await work(exchange, line), { search: line.option('search') }),
    },
    show: {
      usage: '--facility SLUG --study UID',
      run: async (exchange, line) => {
        const all = await listStudies(exchange, await work(exchange, line), { limit: 100_000 });
        const wanted = line.required('study');
        return one(
          all,
          ({ studyInstanceUid }) => studyInstanceUid === wanted,
          'This facility has no such study.',
        );
      },
    },
  },
  audit: {
    verify: { usage: '', run: async (exchange) => verifyAudit(exchange, await operate(exchange)) },
  },
};

/** The options a command takes: those its usage names. */
export function optionsOf({ usage: words }: Command): string[] {
  return [...words.matchAll(/--([a-z]+)/g)].map(([, name = '']) => name);
}

/** One line for each command, in the order of the table. */
export function usage(): string {
  const lines = Object.entries(COMMANDS).flatMap(([noun, verbs]) =>
    Object.entries(verbs).map(([verb, command]) => `  ${noun} ${verb} ${command.usage}`.trimEnd()),
  );
  return `npm run -s cli -- <noun> <verb> [options] [--json]\n\n${lines.join('\n')}\n`;
}
