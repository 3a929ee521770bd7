/** A key as `/.well-known/filmpost-signing-key` publishes it; `publicKey` is raw, 32 bytes, in base64. */
export interface PublishedKey {
  keyId: string;
  publicKey: string;
}

/**
 * What is known of who wrote the list of files. `another-key`: none of this exchange's keys; it was signed elsewhere or
 * forged. `unsupported`: this browser, or a page without https, cannot check signatures. `no-key`: the exchange's key could not be
 * fetched.
 */
export type SignatureVerdict = 'good' | 'another-key' | 'missing' | 'unsupported' | 'no-key';

const SIGNATURE_BYTES = 64;

/** Whether `signature` is one of these keys' over `manifest` (Ed25519, RFC 8032). Never throws. */
export async function checkSignature(
  manifest: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer> | null,
  keys: readonly PublishedKey[] | null,
): Promise<SignatureVerdict> {
  if (!signature) return 'missing';
  if (!keys || keys.length === 0) return 'no-key';
  if (!globalThis.crypto.subtle) return 'unsupported';
  let checked = false;
  for (const { publicKey } of keys) {
    const key = await imported(publicKey);
    if (!key) continue;
    checked = true;
    if (signature.length !== SIGNATURE_BYTES) continue;
    if (await crypto.subtle.verify('Ed25519', key, signature, manifest)) return 'good';
  }
  return checked ? 'another-key' : 'unsupported';
}

/** Null where the browser does not know Ed25519 (before Chrome 137, Firefox 129, Safari 17). */
async function imported(publicKey: string): Promise<CryptoKey | null> {
  try {
    const raw = Uint8Array.from(atob(publicKey), (character) => character.charCodeAt(0));
    return await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
  } catch {
    return null;
  }
}
