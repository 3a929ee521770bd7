const hexadecimal = (byte: number) => byte.toString(16).padStart(2, '0');

/** A digest that grows with what it is given. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  /** Hexadecimal. */
  digest(): string;
}

/** SHA-256, hexadecimal. By the browser where it does so (secure origins); runs in workers only, for the other way. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (globalThis.crypto.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, hexadecimal).join('');
  }
  const running = await runningSha256();
  running.update(bytes);
  return running.digest();
}

/**
 * The name by which the server knows a pack again: the SHA-256 of its head. Pages cannot load the other way of hashing;
 * where browsers do not hash, a pack that broke off is not continued after a reload, and all else works.
 */
export async function keyOf(head: Uint8Array<ArrayBuffer>): Promise<string> {
  return globalThis.crypto.subtle
    ? sha256Of(head)
    : Array.from(crypto.getRandomValues(new Uint8Array(32)), hexadecimal).join('');
}

/** SHA-256 of what comes piece by piece, which browsers do not offer. Its code is loaded when a file needs it. */
export async function runningSha256(): Promise<RunningDigest> {
  const { createSHA256 } = await import('hash-wasm');
  return (await createSHA256()).init();
}
