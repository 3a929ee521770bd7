/** One page of text as PDF 1.4 (ISO 32000-1), in the two fonts every reader has. Small enough to need no library. */

export interface PdfLine {
  /** ASCII. */
  readonly text: string;
  /** In points. */
  readonly size: number;
  readonly bold: boolean;
  /** Empty space above, in points. */
  readonly above: number;
}

const LETTER = { width: 612, height: 792 };
const MARGIN = 64;
const LEADING = 1.35;

/** The same lines give the same bytes. */
export function pdfPage(title: string, lines: readonly PdfLine[]): Uint8Array {
  const content = `BT\n${textOperators(lines)}ET\n`;
  return pdfFile([
    '<< /Type /Catalog /Pages 2 0 R /Lang (en) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${LETTER.width} ${LETTER.height}] /Contents 4 0 R ` +
      '/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}endstream`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Title (${escaped(title)}) >>`,
  ]);
}

function textOperators(lines: readonly PdfLine[]): string {
  let y = LETTER.height - MARGIN;
  return lines
    .map(({ text, size, bold, above }) => {
      y -= above + size * LEADING;
      return `/${bold ? 'F2' : 'F1'} ${size} Tf 1 0 0 1 ${MARGIN} ${y.toFixed(2)} Tm (${escaped(text)}) Tj\n`;
    })
    .join('');
}

function font(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
}

/** Objects 1 to n, the first the catalogue, the last the information, with their table of places (7.5.4). */
function pdfFile(objects: readonly string[]): Uint8Array {
  let file = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  file +=
    `xref\n0 ${size}\n0000000000 65535 f \n${table}` +
    `trailer\n<< /Size ${size} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return new TextEncoder().encode(file);
}

function escaped(text: string): string {
  return text.replace(/[\\()]/g, '\\$&');
}
