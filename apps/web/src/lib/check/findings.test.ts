import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowList, bodyFinding, liveFinding, patchFinding, verdictOf } from './findings.ts';

test('a blocked method is a detour while another carries it, and bad when none does', () => {
  assert.equal(patchFinding({ patch: true, override: false }).state, 'good');
  assert.equal(patchFinding({ patch: false, override: true }).state, 'detour');
  assert.equal(patchFinding({ patch: false, override: false }).state, 'bad');
});

test('a small body limit names its size', () => {
  assert.equal(bodyFinding(16 * 1024 * 1024).state, 'good');
  assert.match(bodyFinding(1024 * 1024).finding, /at most 1\.0 MB/);
  assert.match(bodyFinding(1024 * 1024, { late: true }).finding, /not through in 15 seconds/);
  assert.equal(bodyFinding(0).state, 'bad');
});

test('without sockets progress still comes', () => {
  assert.equal(liveFinding({ socket: true, streams: 'live' }).state, 'good');
  assert.equal(liveFinding({ socket: false, streams: 'live' }).state, 'detour');
  assert.equal(liveFinding({ socket: false, streams: 'held' }).state, 'detour');
});

test('where streams are refused too, pages ask for progress', () => {
  const { state, finding } = liveFinding({ socket: false, streams: 'refused' });
  assert.equal(state, 'detour');
  assert.match(finding, /ask for progress/);
});

test('the worst finding makes the verdict', () => {
  const good = { state: 'good', finding: '' } as const;
  const detour = { state: 'detour', finding: '' } as const;
  const bad = { state: 'bad', finding: '' } as const;
  assert.equal(verdictOf([good, good]).state, 'good');
  assert.equal(verdictOf([good, detour]).state, 'detour');
  assert.equal(verdictOf([bad, detour]).state, 'bad');
});

test('the allow-list names the port that is meant', () => {
  const portOf = (origin: string) => allowList(origin).find(({ what }) => what === 'Port')?.value;
  assert.equal(portOf('https://films.example'), 'TCP 443, outgoing');
  assert.equal(portOf('http://films.example:4000'), 'TCP 4000, outgoing');
});
