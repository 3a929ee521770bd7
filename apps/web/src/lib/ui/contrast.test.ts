import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

const css = readFileSync(new URL('../../app.css', import.meta.url), 'utf8');
const OKLCH = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)`;
const TOKEN = new RegExp(String.raw`--color-([\w-]+): light-dark\(${OKLCH}, ${OKLCH}\)`, 'g');

type Oklch = readonly [lightness: number, chroma: number, hue: number];
const tokens = new Map<string, { day: Oklch; night: Oklch }>();
for (const [, name = '', ...numbers] of css.matchAll(TOKEN)) {
  const [l1 = NaN, c1 = NaN, h1 = NaN, l2 = NaN, c2 = NaN, h2 = NaN] = numbers.map(Number);
  tokens.set(name, { day: [l1, c1, h1], night: [l2, c2, h2] });
}

/** Linear-light sRGB of an OKLCH colour, clipped to the screen (CSS Color 4, section 9; matrices by B. Ottosson). */
function linearRgb([lightness, chroma, hue]: Oklch): number[] {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return rgb.map((channel) => Math.min(1, Math.max(0, channel)));
}

/** Relative luminance, WCAG 2.2 glossary. */
function luminance(colour: Oklch): number {
  const [r = 0, g = 0, b = 0] = linearRgb(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: Oklch, other: Oklch): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const papers = ['page', 'surface', 'sunken'];
const states = ['good', 'warn', 'bad'];

const textPairs = [
  ...papers.flatMap((paper) => ['ink', 'soft', 'accent', ...states].map((text) => [text, paper])),
  ...['ink', 'soft', 'accent'].map((text) => [text, 'accent-wash']),
  ...states.flatMap((state) => ['ink', 'soft', state].map((text) => [text, `${state}-wash`])),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-bad', 'bad'],
  ['on-lightbox', 'lightbox'],
];

const shapePairs = [
  ...papers.map((paper) => ['edge', paper]),
  ...papers.map((paper) => ['accent', paper]),
  ['accent', 'line'],
];

function assertContrast(pairs: string[][], least: number): void {
  for (const [front = '', back = ''] of pairs) {
    const [above, below] = [tokens.get(front), tokens.get(back)];
    assert.ok(above && below, `--color-${front} and --color-${back} are both light-dark() tokens of app.css`);
    for (const theme of ['day', 'night'] as const) {
      const ratio = contrast(above[theme], below[theme]);
      assert.ok(ratio >= least, `${front} on ${back} by ${theme}: ${ratio.toFixed(2)}:1, needs ${least}:1`);
    }
  }
}

describe('colour tokens', () => {
  test('black on white is 21:1, so the arithmetic is right', () => {
    assert.equal(contrast([0, 0, 0], [1, 0, 0]).toFixed(1), '21.0');
  });

  test('every text colour reads at 4.5:1 on every surface it is used on, by day and by night', () => {
    assertContrast(textPairs, 4.5);
  });

  test('edges, progress and focus stand out at 3:1', () => {
    assertContrast(shapePairs, 3);
  });
});
