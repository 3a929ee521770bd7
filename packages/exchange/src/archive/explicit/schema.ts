/** Where the bytes of an instance lie as they came. */
export interface Stored {
  blobId: string;
  byteOffset: number;
  byteLength: number;
}
