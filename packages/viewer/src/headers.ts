/** What the browser is told about a file of the viewer, by its extension. */
export const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * The page. Each exception has one cause: 'unsafe-inline' styles the interface adds at run time; `data:` baseline JPEG
 * in colour, which the browser itself decodes; `blob:` encapsulated PDF and video. `'unsafe-eval'` only goes to a page
 * that was opened for an exam with DICOM segmentations: the n-dimensional arrays behind them compile their accessors.
 */
const pagePolicy = (compiles: boolean) =>
  [
    "default-src 'none'",
    `script-src 'self'${compiles ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self' blob:",
    "worker-src 'self'",
    "object-src 'self' blob:",
    "frame-src 'self' blob:",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');

/** A worker lives under the policy of its own script. The image decoders compile their bindings at run time. */
const workerPolicy =
  "default-src 'none'; script-src 'self' 'unsafe-eval'; connect-src 'self'; frame-ancestors 'none'";

const filePolicy = "default-src 'none'; frame-ancestors 'none'";

const workerScript =
  /^(8097|136|2299|compute|histogram-worker|interpolation|polySeg)\.bundle\.[0-9a-f]+\.js$/;

function policyFor(fileName: string, compiles: boolean): string {
  if (fileName.endsWith('.html')) return pagePolicy(compiles);
  return workerScript.test(fileName) ? workerPolicy : filePolicy;
}

/**
 * Sent with every answer below `/ohif/`, refusals included.
 * @param compiles whether this page may compile code at run time
 */
export function protectiveHeaders(fileName: string, compiles = false): Record<string, string> {
  return {
    'content-security-policy': policyFor(fileName, compiles),
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
  };
}
