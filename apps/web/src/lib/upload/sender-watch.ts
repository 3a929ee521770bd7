import type { Sent } from './ledger.ts';
import { PaceMeter } from './pace-meter.ts';
import type { Line, Sender } from './sender.ts';

const SAMPLE_MS = 250;

export interface SendingNews {
  sent: Sent;
  line: Line;
  /** Null while nothing moves, or too little is known. */
  bytesPerSecond: number | null;
}

/** Tells how far a sender is, now, from time to time, and once more when it is told to stop. Returns how to stop. */
export function watchSender(
  sender: Pick<Sender, 'ledger' | 'line'>,
  tell: (news: SendingNews) => void,
): () => void {
  const meter = new PaceMeter();
  const sample = () => {
    const { line } = sender;
    const { sent } = sender.ledger;
    // What the server had before is no pace of ours.
    meter.note(performance.now(), sent.bytes - sent.alreadyBytes);
    tell({ sent, line, bytesPerSecond: line === 'moving' ? meter.bytesPerSecond : null });
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return () => {
    sample();
    clearInterval(timer);
  };
}
