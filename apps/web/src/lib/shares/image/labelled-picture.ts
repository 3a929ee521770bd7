/** What every picture says in its own pixels, whatever becomes of its name. */
export const LABEL = 'NOT FOR DIAGNOSIS';

/** Sizes of a labelled picture, in pixels. */
export interface LabelledSize {
  width: number;
  height: number;
  /** Of the strip below the image. */
  strip: number;
  /** Where the image begins from the left. */
  left: number;
  font: number;
}

/** The strip grows with the image, and the smallest image is widened until the words fit. */
export function labelledSize(image: { width: number; height: number }): LabelledSize {
  const strip = Math.max(24, Math.round(Math.max(image.width, image.height) * 0.045));
  const font = Math.round(strip * 0.6);
  const width = Math.max(image.width, Math.ceil(font * LABEL.length * 0.8));
  const left = Math.floor((width - image.width) / 2);
  return { width, height: image.height + strip, strip, left, font };
}

/** The image cannot be drawn: it is a report, damaged, or of a kind that has no picture. */
export class NoPicture extends Error {
  constructor() {
    super('There is no picture of this one.');
    this.name = 'NoPicture';
  }
}

/** The exchange's own rendering of an image (PS3.18 10.4.1.1.6). @throws NoPicture, TypeError */
export async function renderedImage(address: string): Promise<Blob> {
  const answer = await fetch(address, { headers: { accept: 'image/png' } });
  if (!answer.ok) throw new NoPicture();
  return answer.blob();
}

/** The picture with its label below it, as PNG: nothing of the image is covered. @throws NoPicture */
export async function labelled(picture: Blob): Promise<Blob> {
  const image = await createImageBitmap(picture);
  const { width, height, strip, left, font } = labelledSize(image);
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  if (!pen) throw new NoPicture();
  pen.fillStyle = 'black';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, left, 0);
  pen.fillStyle = 'white';
  pen.fillRect(0, height - strip, width, strip);
  pen.fillStyle = 'black';
  pen.font = `600 ${font}px sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(LABEL, width / 2, height - strip / 2, width);
  return canvas.convertToBlob({ type: 'image/png' });
}

/** `NOT-FOR-DIAGNOSIS_CT_series-2_image-14.png`: what device and order it was, and nothing of the patient. */
export function pictureName(of: { modality: string; seriesNumber: string; image: number }): string {
  const plain = (text: string) => text.replace(/[^A-Za-z0-9]/g, '').slice(0, 16);
  const series = plain(of.seriesNumber);
  const parts = ['NOT-FOR-DIAGNOSIS', plain(of.modality), series && `series-${series}`, `image-${of.image}`];
  return `${parts.filter(Boolean).join('_')}.png`;
}
