/**
 * The people and places of the demo world. All are invented; birth dates and identifiers are fixed so that
 * journeys can type them.
 */

/** A patient as one facility's images carry them. */
export interface Patient {
  /** Person name in DICOM's form, `Family^Given` (PS3.5 section 6.2.1). */
  readonly name: string;
  /** Local patient ID (0010,0020); means nothing without its issuer. */
  readonly patientId: string;
  /** Issuer of Patient ID (0010,0021). */
  readonly issuer: string;
  /** `YYYYMMDD`. */
  readonly birthDate: string;
  readonly sex: 'F' | 'M' | 'O';
}

export const ada: Patient = {
  name: 'Lovelace^Ada',
  patientId: 'SAM-0041207',
  issuer: 'SAINT-ANTONY',
  birthDate: '19810829',
  sex: 'F',
};

export const ryan: Patient = {
  name: 'Anthony^Ryan',
  patientId: 'PBI-118826',
  issuer: 'PALM-BEACH-IMAGING',
  birthDate: '19861229',
  sex: 'M',
};

export const noah: Patient = {
  name: 'Lovelace^Noah',
  patientId: 'SAM-0058813',
  issuer: 'SAINT-ANTONY',
  birthDate: '20180517',
  sex: 'M',
};

/** Where images are made: what scanners write into (0008,0080) and its neighbours. */
export interface Institution {
  readonly name: string;
  readonly department: string;
}

export const saintAntony: Institution = {
  name: 'St. Antony Memorial Hospital',
  department: 'Diagnostic Imaging',
};

export const palmBeach: Institution = { name: 'Palm Beach Imaging', department: 'Radiology' };
