import { foldName } from '@filmpost/exchange/archive/rules.ts';
import type { NamedPatient } from '#lib/requests/belongs.ts';

/** Exams of a disc that one share can hold. */
export interface PatientExams<Exam extends NamedPatient> {
  patient: NamedPatient;
  exams: Exam[];
}

/** A disc's exams by patient, in the order they stand: the same date of birth and the same name. */
export function byPatient<Exam extends NamedPatient>(exams: readonly Exam[]): PatientExams<Exam>[] {
  const patients = new Map<string, PatientExams<Exam>>();
  for (const exam of exams) {
    const key = `${exam.patientBirthDate ?? ''} ${foldName(exam.patientName)}`;
    const known = patients.get(key);
    if (known) known.exams.push(exam);
    else patients.set(key, { patient: exam, exams: [exam] });
  }
  return [...patients.values()];
}
