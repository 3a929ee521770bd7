import type { UploadProgress } from '@filmpost/exchange/intake/schema.ts';
import type { RequestListing } from '@filmpost/exchange/requests/schema.ts';
import { formatPersonName } from '#lib/ui/format.ts';

/** Who sends an upload, in two lines of a row. */
export interface Sender {
  who: string;
  why: string;
}

export function senderOf(upload: UploadProgress, request: RequestListing | undefined): Sender {
  switch (upload.kind) {
    case 'staff':
      return { who: 'Your own desk', why: 'Disc uploaded here' };
    case 'device':
      return { who: 'A device', why: 'Sent by a scanner or archive' };
    case 'request':
      return {
        who: request?.outsideFacility || 'Outside facility',
        why: request ? `For ${formatPersonName(request.patientName)}` : 'For a request',
      };
  }
}
