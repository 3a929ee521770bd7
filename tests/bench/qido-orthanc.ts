import { createDatabase } from '@filmpost/db/client.ts';
import { anInstance } from '../world/dicom/instance.ts';
import { orthancHere } from './orthanc.ts';
import { instances } from './senders.ts';

/**
 * An Orthanc that holds the same studies as the catalogue, an image of 8 × 8 pixels each; null where there is none
 * with the DICOMweb plugin.
 */
export async function fillOrthanc(databaseUrl: string) {
  const start = orthancHere();
  if (!start) {
    console.log('Orthanc is not installed here: without it in the comparison.');
    return null;
  }
  const { url, name, pids, stop } = await start();
  const probe = await fetch(`${url}/dicom-web/studies?limit=1`);
  if (!probe.ok) {
    console.log(`${name} answers no searches (${probe.status}): without it in the comparison.`);
    await stop();
    return null;
  }
  const { db, destroy } = createDatabase(databaseUrl, 1);
  const rows = await db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patientId')
    .select(['accessionNumber', 'studyDate', 'studyTime', 'modalities', 'patient.identifier'])
    .select(['patient.name', 'patient.birthDate', 'study.description'])
    .execute();
  await destroy();
  const day = (date: string | null) => date?.replaceAll('-', '') ?? '';
  const batch = 1000;
  for (let i = 0; i < rows.length; i += batch) {
    const files = rows.slice(i, i + batch).map((row) => {
      const patient = {
        name: row.name,
        patientId: row.identifier,
        issuer: '',
        birthDate: day(row.birthDate),
      };
      const study = {
        key: row.accessionNumber,
        patient: { ...patient, sex: 'O' as const },
        studyDate: day(row.studyDate),
        studyTime: row.studyTime,
        accessionNumber: row.accessionNumber,
        studyDescription: row.description,
      };
      return anInstance({ study, modality: row.modalities[0] ?? 'OT', rows: 8, columns: 8 }).bytes;
    });
    await instances({ url, headers: {} }, files);
  }
  const headers = { accept: 'application/dicom+json' };
  return { name, url, prefix: '/dicom-web/studies?', headers, pids, stop };
}
