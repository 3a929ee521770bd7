import type { ExamProgress } from '@filmpost/exchange/archive/schema.ts';
import type { RecordedEvent } from '@filmpost/exchange/events/schema.ts';
import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import type { RequestListing } from '@filmpost/exchange/requests/schema.ts';
import type { ShareListing } from '@filmpost/exchange/shares/schema.ts';

/** What a desk knows of its facility; lists are newest first. */
export interface DeskLists {
  requests: readonly RequestListing[];
  uploads: readonly UploadProgress[];
  shares: readonly ShareListing[];
  /** How each exam stood when last heard of, by Study Instance UID. */
  exams: Readonly<Record<string, ExamProgress>>;
}

/** The lists after an event, and which of them must be asked for anew because the event says too little. */
export interface Heard {
  lists: DeskLists;
  ask: ('requests' | 'shares')[];
}

export function afterEvent(lists: DeskLists, event: RecordedEvent): Heard {
  switch (event.kind) {
    case 'exam.changed': {
      const { exam } = event.payload;
      return { lists: { ...lists, exams: { ...lists.exams, [exam.studyInstanceUid]: exam } }, ask: [] };
    }
    case 'exam.removed': {
      const { [event.payload.studyInstanceUid]: _gone, ...exams } = lists.exams;
      return { lists: { ...lists, exams }, ask: [] };
    }
    case 'upload.changed':
      return afterUpload(lists, event.payload.upload);
    case 'request.changed':
      return afterRequest(lists, event.payload);
    case 'package.changed':
      return { lists, ask: [] };
    case 'share.changed':
      return { lists, ask: ['shares'] };
  }
}

/** A share that follows a request counts what its uploads announce, so its row may have changed as well. */
function afterUpload(lists: DeskLists, upload: UploadProgress): Heard {
  const followed = lists.shares.some((share) => share.requestId && share.requestId === upload.requestId);
  return { lists: { ...lists, uploads: withUpload(lists.uploads, upload) }, ask: followed ? ['shares'] : [] };
}

/** An upload keeps its place for life: the lists are sorted by when they were opened. */
function withUpload(uploads: readonly UploadProgress[], upload: UploadProgress): readonly UploadProgress[] {
  if (uploads.some(({ uploadId }) => uploadId === upload.uploadId)) {
    return uploads.map((known) => (known.uploadId === upload.uploadId ? upload : known));
  }
  return [upload, ...uploads].sort((one, other) => other.createdAt.localeCompare(one.createdAt));
}

/** Asked for again also when it is known: an answer under way may have been read before this happened. */
function afterRequest(
  lists: DeskLists,
  { requestId, state }: Pick<RequestListing, 'requestId' | 'state'>,
): Heard {
  const requests = lists.requests.map((request) =>
    request.requestId === requestId ? { ...request, state } : request,
  );
  return { lists: { ...lists, requests }, ask: ['requests'] };
}
