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
 * The page. Each exception has one cause: 'unsafe-eval' the n-dimensional arrays of DICOM segmentations, which
 * compile their accessors; 'unsafe-inline' styles the interface adds at run time; `data:` baseline JPEG in
 * colour, which the browser itself decodes; `blob:` encapsulated PDF and video.
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
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

function policyFor(fileName: string): string {
  if (fileName.endsWith('.html')) return pagePolicy;
  return workerScript.test(fileName) ? workerPolicy : filePolicy;
}

/** Sent with every answer below `/ohif/`, refusals included. */
export function protectiveHeaders(fileName: string): Record<string, string> {
  return {
    'content-security-policy': policyFor(fileName),
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
  };
}
