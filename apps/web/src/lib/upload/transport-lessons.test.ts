import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Failure, TransportLessons } from './transport-lessons.ts';

const MB = 1024 * 1024;
const failure = (of: Partial<Failure>): Failure => ({
  method: 'PATCH',
  overridden: false,
  status: null,
  bodyBytes: 20 * MB,
  sentBytes: 0,
  ...of,
});

test('PATCH goes as POST once something on the way has refused it', () => {
  for (const status of [403, 405, 501]) {
    const lessons = new TransportLessons();
    assert.ok(lessons.learn(failure({ status })));
    assert.ok(lessons.overridesPatch);
    assert.ok(!lessons.learn(failure({ status, overridden: true })), 'there is no third way');
  }
});

test('PATCH goes as POST when it was cut twice without an answer and never came through', () => {
  const lessons = new TransportLessons();
  assert.ok(!lessons.learn(failure({})));
  lessons.succeeded('HEAD');
  assert.ok(lessons.learn(failure({})));
  assert.ok(lessons.overridesPatch);
});

test('a line that breaks teaches nothing where PATCH has worked', () => {
  const lessons = new TransportLessons();
  lessons.succeeded('PATCH');
  for (const sentBytes of [0, 3 * MB, 9 * MB, 0, 1 * MB]) assert.ok(!lessons.learn(failure({ sentBytes })));
  assert.ok(!lessons.overridesPatch);
  assert.equal(lessons.pieceBytes, Infinity);
});

test('pieces halve until they come through, and not below 256 KB', () => {
  const lessons = new TransportLessons();
  const sizes: number[] = [];
  for (let bodyBytes = 30 * MB; lessons.learn(failure({ status: 413, bodyBytes }));) {
    bodyBytes = lessons.pieceBytes;
    sizes.push(bodyBytes / 1024);
  }
  assert.deepEqual(sizes, [16384, 8192, 4096, 2048, 1024, 512, 256]);
});

test('packs of three lanes that are refused at once halve once', () => {
  const lessons = new TransportLessons();
  for (let lane = 0; lane < 3; lane++) assert.ok(lessons.learn(failure({ status: 413, bodyBytes: 10 * MB })));
  assert.equal(lessons.pieceBytes, 8 * MB);
});

test('a gateway that gives a large body up twice gets smaller ones; a server that restarts changes nothing', () => {
  const lessons = new TransportLessons();
  assert.ok(!lessons.learn(failure({ method: 'POST', status: 504, sentBytes: 20 * MB })));
  assert.ok(lessons.learn(failure({ method: 'POST', status: 504, sentBytes: 20 * MB })));
  assert.equal(lessons.pieceBytes, 16 * MB);
  const restarted = new TransportLessons();
  for (const sentBytes of [0, 0, 0]) assert.ok(!restarted.learn(failure({ status: 502, sentBytes })));
  assert.equal(restarted.pieceBytes, Infinity);
  assert.ok(!restarted.overridesPatch);
});

test('a body that is refused at creation comes after it instead', () => {
  const lessons = new TransportLessons();
  assert.ok(lessons.learn(failure({ method: 'POST', status: 403, bodyBytes: 5 * MB })));
  assert.ok(lessons.pieceBytes < 5 * MB);
  assert.ok(!lessons.learn(failure({ method: 'POST', status: 403, bodyBytes: 0 })), 'there is no other way');
});

test('a connection that ends twice at the same size is taken for a limit', () => {
  const lessons = new TransportLessons();
  lessons.succeeded('PATCH');
  assert.ok(!lessons.learn(failure({ sentBytes: 10 * MB })));
  assert.ok(lessons.learn(failure({ sentBytes: 10 * MB + 1000 })));
  assert.equal(lessons.pieceBytes, 8 * MB);
});
