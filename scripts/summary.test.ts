import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { summary } from './summary.ts';

const demo = {
  people: [
    { name: 'Mara Lind', email: 'mara@northgate.example', password: 'a-password', role: 'clerk' },
    { name: 'Jo', email: 'jo@northgate.example', password: 'b-password', role: 'administrator' },
  ],
  requestPage: { url: 'http://localhost:3999/r/northgate', pin: '482913' },
  share: { url: '/view', code: 'AB12-CD34', dateOfBirth: '1961-04-02' },
  discDirectory: path.resolve('data/disc'),
};

test('the summary has everything a visitor of the demo needs, at the address of today', () => {
  const text = summary('http://localhost:4000', demo);
  const needed = [
    'http://localhost:4000/r/northgate',
    'PIN 482913',
    'http://localhost:4000/view',
    'AB12-CD34',
  ];
  const people = demo.people.flatMap(({ email, password }) => [email, password]);
  for (const word of [...needed, ...people, '1961-04-02', 'data/disc']) assert.ok(text.includes(word), word);
});

test('a house without a demo world says where it is and how it stops', () => {
  assert.equal(
    summary('https://films.example.org', undefined),
    ['', '  Filmpost is ready at https://films.example.org', '', '  Ctrl-C stops it.', ''].join('\n'),
  );
});
