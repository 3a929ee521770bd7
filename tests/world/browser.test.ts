import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchBrowser, type BrowserOrigin } from './browser.ts';

const origins: BrowserOrigin[] = ['any', 'packaged'];

for (const origin of origins) {
  test(`the browser (${origin}) opens a page and paints with WebGL`, { timeout: 120_000 }, async (t) => {
    const browser = await launchBrowser({ origin });
    t.after(() => browser.close());
    const page = await browser.newPage();
    const painted = await page.evaluate(() => {
      const gl = document.createElement('canvas').getContext('webgl2');
      if (!gl) return undefined;
      gl.clearColor(0.2, 0.4, 0.6, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      const pixel = new Uint8Array(4);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      return [...pixel];
    });
    assert.deepEqual(painted, [51, 102, 153, 255]);
  });
}
