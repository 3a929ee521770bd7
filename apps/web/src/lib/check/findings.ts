import { formatBytes } from '#lib/ui/format.ts';

/** Good: as it should be. Detour: works, otherwise than it could. Bad: does not work. */
export type FindingState = 'good' | 'detour' | 'bad';

export interface Finding {
  state: FindingState;
  finding: string;
  /** What an IT department can do about it. */
  advice?: string;
}

export function patchFinding({ patch, override }: { patch: boolean; override: boolean }): Finding {
  if (patch) return { state: 'good', finding: 'PATCH comes through.' };
  return override
    ? {
        state: 'detour',
        finding: 'PATCH is blocked; uploads go by POST instead, by themselves.',
        advice: 'Nothing has to be done. Allowing the method PATCH makes it simpler.',
      }
    : {
        state: 'bad',
        finding: 'PATCH is blocked, and so is POST in its place.',
        advice: 'Allow the methods PATCH and POST to this address, with the header X-HTTP-Method-Override.',
      };
}

const MB = 1024 * 1024;

/** @param bytes the largest body that came through, 0 for none; `late`: the next larger one was refused by nobody */
export function bodyFinding(bytes: number, { late = false } = {}): Finding {
  if (bytes >= 16 * MB) return { state: 'good', finding: 'Requests of 16 MB and more come through.' };
  if (bytes === 0) {
    return {
      state: 'bad',
      finding: 'Not even small files come through.',
      advice: 'Allow POST and PATCH with a body to this address, and exempt it from content scanning.',
    };
  }
  if (late) {
    return {
      state: 'detour',
      finding: `Requests of ${formatBytes(bytes)} come through; larger ones were not through in 15 seconds.`,
      advice:
        'On a slow line nothing has to be done. Otherwise a filter holds large requests: exempt this address from it.',
    };
  }
  return {
    state: 'detour',
    finding: `Requests of at most ${formatBytes(bytes)} come through; uploads go in pieces of that size.`,
    advice: 'Raising the largest request body to 16 MB makes uploads faster.',
  };
}

/** `live`: event by event; `held`: all at once, when the answer ends; `refused`: not at all. */
export type Streams = 'live' | 'held' | 'refused';

export function liveFinding({ socket, streams }: { socket: boolean; streams: Streams }): Finding {
  if (socket) return { state: 'good', finding: 'WebSockets come through: progress is live.' };
  const advice =
    'Allow WebSockets (Upgrade: websocket) to this address and exempt them from inspection. Answers of type text/event-stream will do as well.';
  const findings: Record<Streams, string> = {
    live: 'WebSockets are blocked; progress comes as a stream instead.',
    held: 'WebSockets and streams are held up; progress is asked for instead.',
    refused: 'WebSockets and streams are blocked; pages ask for progress instead, again and again.',
  };
  return { state: 'detour', finding: findings[streams], advice };
}

/** The one sentence above the list. */
export function verdictOf(findings: readonly Finding[]): Finding {
  if (findings.some(({ state }) => state === 'bad')) {
    return {
      state: 'bad',
      finding: 'Something Filmpost needs is blocked here',
      advice: 'Give this page to your IT department: it says what to allow.',
    };
  }
  if (findings.some(({ state }) => state === 'detour')) {
    return {
      state: 'detour',
      finding: 'Filmpost works here, by a detour',
      advice: 'You can go on. Your IT department can make it faster.',
    };
  }
  return { state: 'good', finding: 'Filmpost works here', advice: 'Nothing has to be done.' };
}

/** What an IT department allows, for an origin such as `https://films.example`. */
export function allowList(origin: string): { what: string; value: string }[] {
  const { protocol, hostname, port } = new URL(origin);
  const secure = protocol === 'https:';
  return [
    { what: 'Host', value: hostname },
    { what: 'Port', value: `TCP ${port || (secure ? '443' : '80')}, outgoing` },
    {
      what: 'Protocols',
      value: secure ? 'https, wss (WebSocket over TLS 1.2 or later)' : 'http, ws (WebSocket)',
    },
    { what: 'Methods', value: 'GET, HEAD, POST, PATCH, DELETE, OPTIONS' },
    {
      what: 'Request headers',
      value: 'Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, X-HTTP-Method-Override',
    },
    {
      what: 'Types of content',
      value:
        'application/dicom, application/dicom+json, application/offset+octet-stream, application/wasm, multipart/related, text/event-stream',
    },
    { what: 'Largest request body', value: '16 MB or more' },
    { what: 'Longest connection', value: '60 seconds or more without data; hours in all' },
    { what: 'Content inspection', value: 'Exempt this host: images must arrive byte for byte' },
    { what: 'Other hosts', value: 'None' },
  ];
}
