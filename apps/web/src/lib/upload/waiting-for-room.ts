import { NoRoom } from './transport.ts';

interface Waiting {
  /** Told the server's sentence, and that it is tried again. */
  tell(sentence: string): void;
  /** Whether somebody still waits for it. */
  wanted(): boolean;
  pause(attempt: number): Promise<void>;
}

/** Does it as soon as the server has room; undefined when nobody wants it any more. */
export async function onceThereIsRoom<Result>(
  act: () => Promise<Result>,
  { tell, wanted, pause }: Waiting,
): Promise<Result | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      tell(`${error.message} This page tries again by itself.`);
      await pause(attempt);
      if (!wanted()) return undefined;
    }
  }
}
