import Ban from '@lucide/svelte/icons/ban';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CirclePause from '@lucide/svelte/icons/circle-pause';
import CircleX from '@lucide/svelte/icons/circle-x';
import Clock from '@lucide/svelte/icons/clock';
import Eye from '@lucide/svelte/icons/eye';
import FilePen from '@lucide/svelte/icons/file-pen';
import Hourglass from '@lucide/svelte/icons/hourglass';
import Inbox from '@lucide/svelte/icons/inbox';
import ScanLine from '@lucide/svelte/icons/scan-line';
import Send from '@lucide/svelte/icons/send';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import Signature from '@lucide/svelte/icons/signature';
import Upload from '@lucide/svelte/icons/upload';

/**
 * Every state a thing can be in, with the word, the sign and the tone it is shown with. Green: done and well.
 * Amber: somebody should look. Red: it did not work. Everything on its way, or over, is quiet.
 */
export const states = {
  draft: { word: 'Draft', icon: FilePen, tone: 'quiet' },
  waiting: { word: 'Waiting', icon: Clock, tone: 'quiet' },
  signing: { word: 'Waiting for signature', icon: Signature, tone: 'quiet' },
  sent: { word: 'Sent', icon: Send, tone: 'quiet' },
  opened: { word: 'Opened', icon: Eye, tone: 'quiet' },
  transferring: { word: 'Transfer in Progress', icon: Upload, tone: 'live' },
  processing: { word: 'Processing', icon: ScanLine, tone: 'live' },
  ready: { word: 'Ready', icon: CircleCheck, tone: 'good' },
  uploaded: { word: 'Uploaded', icon: Inbox, tone: 'good' },
  confirmed: { word: 'Confirmed', icon: CircleCheck, tone: 'good' },
  imported: { word: 'Imported', icon: CircleCheck, tone: 'good' },
  paused: { word: 'Paused', icon: CirclePause, tone: 'warn' },
  stuck: { word: 'Stuck', icon: Hourglass, tone: 'warn' },
  incomplete: { word: 'Incomplete', icon: CircleDashed, tone: 'warn' },
  quarantined: { word: 'Needs a look', icon: ShieldAlert, tone: 'warn' },
  declined: { word: 'Declined', icon: CircleX, tone: 'warn' },
  failed: { word: 'Failed', icon: CircleAlert, tone: 'bad' },
  revoked: { word: 'Revoked', icon: Ban, tone: 'bad' },
  cancelled: { word: 'Cancelled', icon: Ban, tone: 'quiet' },
  expired: { word: 'Expired', icon: Clock, tone: 'quiet' },
} as const;

export type State = keyof typeof states;
