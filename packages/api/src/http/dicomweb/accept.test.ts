import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Offer, mediaRanges, negotiate } from './accept.ts';

const stored = '1.2.840.10008.1.2.4.80';
const plain = '1.2.840.10008.1.2.1';
const offer = (
  name: string,
  multipart: boolean,
  type: string,
  transferSyntaxUid: string,
  onlyByName = false,
) => ({
  name,
  multipart,
  type,
  transferSyntaxUid,
  onlyByName,
});
const OFFERS: (Offer & { name: string })[] = [
  offer('parts of the codec', true, 'image/jls', stored),
  offer('the codec', false, 'image/jls', stored),
  offer('parts of octets', true, 'application/octet-stream', stored),
  offer('octets', false, 'application/octet-stream', stored),
  offer('decoded parts', true, 'application/octet-stream', plain, true),
  offer('decoded', false, 'application/octet-stream', plain, true),
];

/** PS3.18 8.7.4, RFC 9110 12.5.1: what a client says it takes, and what it gets; null is 406. */
const MATRIX: Record<string, string | null> = {
  '*/*': 'parts of the codec',
  'multipart/related': 'parts of the codec',
  'multipart/related; type=image/jls': 'parts of the codec',
  'multipart/related; type="image/jls"': 'parts of the codec',
  'multipart/related; type="IMAGE/JLS"': 'parts of the codec',
  'Multipart/Related;TYPE="image/jls"': 'parts of the codec',
  'multipart/related; type="*/*"': 'parts of the codec',
  'multipart/related; type="application/octet-stream"': 'parts of octets',
  'multipart/related; type="application/octet-stream"; transfer-syntax=*': 'parts of octets',
  [`multipart/related; type="application/octet-stream"; transfer-syntax=${plain}`]: 'decoded parts',
  [`multipart/related; type="application/octet-stream; transfer-syntax=${plain}"`]: 'decoded parts',
  [`multipart/related; type="application/octet-stream"; transfer-syntax="${plain}"`]: 'decoded parts',
  [`application/octet-stream; transfer-syntax=${plain}`]: 'decoded',
  'application/octet-stream': 'octets',
  'image/*': 'the codec',
  'image/jpeg': null,
  'multipart/related; type="image/jpeg"': null,
  [`image/jls; transfer-syntax=${plain}`]: null,
  'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.5': null,
  'image/jls;q=0': null,
  'image/jls;q=0, */*': 'parts of the codec',
  'multipart/related;q=0, */*;q=0.5': 'the codec',
  'image/jls;q=0.2, application/octet-stream;q=0.9': 'octets',
  'image/jpeg, multipart/related; type="application/octet-stream";q=0.3, */*;q=0.1': 'parts of octets',
  'image/jpeg, application/octet-stream': 'octets',
  'application/octet-stream, image/jls': 'octets',
  'image/jls;q=nonsense': 'the codec',
  'text/html, image/*;q=0.8, */*;q=0.1': 'the codec',
  ',': null,
};

for (const [accept, expected] of Object.entries(MATRIX)) {
  test(`${accept} is given ${expected ?? 'nothing'}`, () => {
    assert.equal(negotiate(mediaRanges(accept), OFFERS)?.name ?? null, expected);
  });
}
