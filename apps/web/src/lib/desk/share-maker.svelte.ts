import type { CreatedShare } from '@filmpost/exchange/shares/schema.ts';
import { parseBirthDate } from '@filmpost/exchange/access/codes/rules.ts';
import { api } from '#lib/live/api.ts';
import { sentence } from './sentence.ts';

/** What is to be shared: exams of one patient by their UIDs, or whatever a request brings. */
export type ToShare = { birthDate: string | null } & (
  { studyInstanceUids: readonly string[] } | { requestId: string }
);

/** Makes a share, and asks for the date of birth first where the images carry none. */
export class ShareMaker {
  busy = $state(false);
  failure = $state('');
  typed = $state('');
  typedError = $state('');
  made = $state.raw<(CreatedShare & { birthDate: string }) | null>(null);

  async make(facility: string, { birthDate: known, ...what }: ToShare): Promise<void> {
    const birthDate = known ?? parseBirthDate(this.typed);
    this.failure = '';
    this.typedError = birthDate ? '' : typedError(this.typed);
    if (!birthDate || this.busy) return;
    this.busy = true;
    try {
      const subject =
        'requestId' in what
          ? { requestId: what.requestId }
          : { studyInstanceUids: [...what.studyInstanceUids], birthDate };
      this.made = { ...(await api().shares.create.mutate({ facility, ...subject })), birthDate };
    } catch (failure) {
      this.failure = sentence(failure);
    } finally {
      this.busy = false;
    }
  }
}

function typedError(typed: string): string {
  return typed.trim() === ''
    ? 'Give the date of birth; the physician types it to open the share.'
    : 'This is no calendar day. Write it as YYYY/MM/DD.';
}
