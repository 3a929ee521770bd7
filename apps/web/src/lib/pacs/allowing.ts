/**
 * What a PACS answers to let pages of `origin` store images: Fetch 3.3 (CORS), and for a PACS at a private address the
 * preflight of Private Network Access.
 */
export function allowingHeaders(origin: string): string {
  return [
    `Access-Control-Allow-Origin: ${origin}`,
    'Access-Control-Allow-Methods: POST, OPTIONS',
    'Access-Control-Allow-Headers: Accept, Authorization, Content-Type',
    'Access-Control-Allow-Private-Network: true',
    'Access-Control-Max-Age: 600',
  ].join('\n');
}
