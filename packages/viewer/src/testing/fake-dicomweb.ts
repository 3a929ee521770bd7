import {
  explicitVrLittleEndian,
  frameOf,
  instanceJson,
  seriesInstanceUid,
  seriesJson,
  sliceOf,
  slices,
  studyInstanceUid,
  studyJson,
  type DicomJson,
} from './synthetic-ct.ts';

/** The scope the made-up study is shared under. */
export const dataRoot = '/dicomweb/s/abc';

const study = `${dataRoot}/studies/${studyInstanceUid}`;
const series = `${study}/series/${seriesInstanceUid}`;
const frame = new RegExp(`^${series.replaceAll('.', '\\.')}/instances/([0-9.]+)/frames/1$`);

/** Answers the requests the viewer makes for one CT series (PS3.18 8.3 and 10.4), and 404 to anything else. */
export function fakeDicomWeb(request: Request): Response {
  const { pathname } = new URL(request.url);
  if (request.method !== 'GET') return new Response(null, { status: 405 });
  if (pathname === `${dataRoot}/studies`) return dicomJson([studyJson]);
  if (pathname === `${study}/series`) return dicomJson([seriesJson]);
  if (pathname === `${series}/metadata`)
    return dicomJson(Array.from({ length: slices }, (_, slice) => instanceJson(slice)));
  const [, sopInstanceUid] = frame.exec(pathname) ?? [];
  if (!sopInstanceUid) return new Response(null, { status: 404 });
  const type = `application/octet-stream; transfer-syntax=${explicitVrLittleEndian}`;
  return new Response(frameOf(sliceOf(sopInstanceUid)), { headers: { 'content-type': type } });
}

function dicomJson(datasets: DicomJson[]): Response {
  return new Response(JSON.stringify(datasets), { headers: { 'content-type': 'application/dicom+json' } });
}
