import type { Attribute, Inclusion, Level, Place } from '../schema.ts';

/**
 * The attributes that describe a patient, a study or a series, and of instances those that are asked for by name
 * (PS3.3 A.1.4 and C.7, PS3.6). Anything else of an instance is known by its tag alone.
 */
const BY_LEVEL: Record<Level, string> = {
  study: `
    StudyDate 00080020 DA, StudyTime 00080030 TM, AccessionNumber 00080050 SH,
    IssuerOfAccessionNumberSequence 00080051 SQ, InstanceAvailability 00080056 CS, ModalitiesInStudy 00080061 CS,
    SOPClassesInStudy 00080062 UI, InstitutionName 00080080 LO, ReferringPhysicianName 00080090 PN,
    ReferringPhysicianIdentificationSequence 00080096 SQ, ConsultingPhysicianName 0008009C PN,
    TimezoneOffsetFromUTC 00080201 SH, StudyDescription 00081030 LO, ProcedureCodeSequence 00081032 SQ,
    PhysiciansOfRecord 00081048 PN, NameOfPhysiciansReadingStudy 00081060 PN,
    AdmittingDiagnosesDescription 00081080 LO, ReferencedStudySequence 00081110 SQ, RetrieveURL 00081190 UR,
    PatientName 00100010 PN, PatientID 00100020 LO, IssuerOfPatientID 00100021 LO, TypeOfPatientID 00100022 CS,
    IssuerOfPatientIDQualifiersSequence 00100024 SQ, PatientBirthDate 00100030 DA, PatientBirthTime 00100032 TM,
    PatientSex 00100040 CS, QualityControlSubject 00100200 CS, OtherPatientIDs 00101000 LO,
    OtherPatientNames 00101001 PN, OtherPatientIDsSequence 00101002 SQ, PatientAge 00101010 AS,
    PatientSize 00101020 DS, PatientWeight 00101030 DS, MedicalAlerts 00102000 LO, Allergies 00102110 LO,
    EthnicGroup 00102160 SH, Occupation 00102180 SH, SmokingStatus 001021A0 CS,
    AdditionalPatientHistory 001021B0 LT, PregnancyStatus 001021C0 US, PatientSpeciesDescription 00102201 LO,
    PatientBreedDescription 00102292 LO, ResponsiblePerson 00102297 PN, PatientComments 00104000 LT,
    ClinicalTrialSponsorName 00120010 LO, ClinicalTrialProtocolID 00120020 LO, ClinicalTrialSubjectID 00120040 LO,
    PatientIdentityRemoved 00120062 CS, DeidentificationMethod 00120063 LO,
    DeidentificationMethodCodeSequence 00120064 SQ, StudyInstanceUID 0020000D UI, StudyID 00200010 SH,
    NumberOfStudyRelatedSeries 00201206 IS, NumberOfStudyRelatedInstances 00201208 IS,
    RequestingPhysician 00321032 PN, RequestingService 00321033 LO, RequestedProcedureDescription 00321060 LO,
    RequestedProcedureCodeSequence 00321064 SQ, StudyComments 00324000 LT, AdmissionID 00380010 LO,
    PatientState 00380500 LO, ReasonForTheRequestedProcedure 00401002 LO`,
  series: `
    SeriesDate 00080021 DA, SeriesTime 00080031 TM, Modality 00080060 CS, Manufacturer 00080070 LO,
    InstitutionAddress 00080081 ST, StationName 00081010 SH, SeriesDescription 0008103E LO,
    SeriesDescriptionCodeSequence 0008103F SQ, InstitutionalDepartmentName 00081040 LO,
    PerformingPhysicianName 00081050 PN, OperatorsName 00081070 PN, ManufacturerModelName 00081090 LO,
    ReferencedPerformedProcedureStepSequence 00081111 SQ, BodyPartExamined 00180015 CS,
    DeviceSerialNumber 00181000 LO, SoftwareVersions 00181020 LO, ProtocolName 00181030 LO,
    PatientPosition 00185100 CS, SeriesInstanceUID 0020000E UI, SeriesNumber 00200011 IS,
    FrameOfReferenceUID 00200052 UI, Laterality 00200060 CS, PositionReferenceIndicator 00201040 LO,
    NumberOfSeriesRelatedInstances 00201209 IS, PerformedProcedureStepStartDate 00400244 DA,
    PerformedProcedureStepStartTime 00400245 TM, PerformedProcedureStepID 00400253 SH,
    PerformedProcedureStepDescription 00400254 LO, PerformedProtocolCodeSequence 00400260 SQ,
    RequestAttributesSequence 00400275 SQ`,
  instance: `
    ImageType 00080008 CS, InstanceCreationDate 00080012 DA, InstanceCreationTime 00080013 TM,
    SOPClassUID 00080016 UI, SOPInstanceUID 00080018 UI, AcquisitionDate 00080022 DA, ContentDate 00080023 DA,
    AcquisitionDateTime 0008002A DT, AcquisitionTime 00080032 TM, ContentTime 00080033 TM,
    AvailableTransferSyntaxUID 00083002 UI, AnatomicRegionSequence 00082218 SQ, SliceThickness 00180050 DS,
    KVP 00180060 DS, ContrastBolusAgent 00180010 LO, ScanningSequence 00180020 CS, RepetitionTime 00180080 DS,
    EchoTime 00180081 DS, ViewPosition 00185101 CS, AcquisitionNumber 00200012 IS, InstanceNumber 00200013 IS,
    ImagePositionPatient 00200032 DS, ImageOrientationPatient 00200037 DS, ImageLaterality 00200062 CS,
    SliceLocation 00201041 DS, ImageComments 00204000 LT, SamplesPerPixel 00280002 US,
    PhotometricInterpretation 00280004 CS, NumberOfFrames 00280008 IS, Rows 00280010 US, Columns 00280011 US,
    PixelSpacing 00280030 DS, BitsAllocated 00280100 US, BitsStored 00280101 US, HighBit 00280102 US,
    PixelRepresentation 00280103 US, BurnedInAnnotation 00280301 CS, WindowCenter 00281050 DS,
    WindowWidth 00281051 DS, RescaleIntercept 00281052 DS, RescaleSlope 00281053 DS,
    LossyImageCompression 00282110 CS, ConceptNameCodeSequence 0040A043 SQ, CompletionFlag 0040A491 CS,
    VerificationFlag 0040A493 CS, ContentSequence 0040A730 SQ, DocumentTitle 00420010 ST,
    MIMETypeOfEncapsulatedDocument 00420012 LO, ContentLabel 00700080 CS, ContentDescription 00700081 LO`,
};

const ATTRIBUTES: Attribute[] = [];
for (const level of ['study', 'series', 'instance'] as const) {
  for (const line of BY_LEVEL[level].split(',')) {
    const [keyword = '', tag = '', vr = ''] = line.trim().split(' ');
    ATTRIBUTES.push({ keyword, tag, vr, level });
  }
}

/** What lies in the items of a sequence and is searched by as `sequence.attribute` (PS3.18 8.3.4.1 and table 10.6.1-5). */
const IN_ITEMS: Attribute[] = ['ScheduledProcedureStepID', 'RequestedProcedureID'].map((keyword) => ({
  keyword: `RequestAttributesSequence.${keyword}`,
  tag: '00400275',
  vr: 'SH',
  level: 'series',
}));
const TAGS_IN_ITEMS: Record<string, string> = {
  '00400275': 'RequestAttributesSequence',
  '00400009': 'ScheduledProcedureStepID',
  '00401001': 'RequestedProcedureID',
};

const BY_NAME = new Map(
  ATTRIBUTES.flatMap((each) => [[each.keyword, each] as const, [each.tag, each] as const]),
);
const DEPTH: Record<Level, number> = { study: 0, series: 1, instance: 2 };

/** An attribute by its keyword or its tag as eight hexadecimal digits (PS3.18 8.3.4.1); undefined for others. */
export function attributeNamed(name: string): Attribute | undefined {
  if (name.includes('.')) {
    const path = name.split('.').map((step) => TAGS_IN_ITEMS[step.toUpperCase()] ?? step);
    return IN_ITEMS.find(({ keyword }) => keyword === path.join('.'));
  }
  return BY_NAME.get(name) ?? BY_NAME.get(name.toUpperCase());
}

/** Whether what describes `level` can be said of every result at `resultLevel`: that level or one above it. */
export function reaches(level: Level, resultLevel: Level): boolean {
  return DEPTH[level] <= DEPTH[resultLevel];
}

/**
 * Which attributes an `includefield` asks for at a level: tags, or `all` (PS3.18 8.3.4.3). A path into a sequence
 * asks for the whole sequence. Null for what cannot be said of a result at this level.
 */
export function includedTag(field: string, resultLevel: Level): string | null {
  const [name = ''] = field.split('.');
  if (name.toLowerCase() === 'all') return 'all';
  const attribute = attributeNamed(name);
  if (attribute) return reaches(attribute.level, resultLevel) ? attribute.tag : null;
  return resultLevel === 'instance' && /^[0-9a-f]{8}$/i.test(name) ? name.toUpperCase() : null;
}

/** The tags of a level and those above it that may stand in a stored instance. */
export function describes(resultLevel: Level): (tag: string) => boolean {
  if (resultLevel === 'instance') return () => true;
  return (tag) => {
    const attribute = BY_NAME.get(tag);
    return attribute !== undefined && reaches(attribute.level, resultLevel);
  };
}

/** What a result of each level says of itself without being asked; see results/queries.ts and migration 0011. */
const CATALOGUED: Record<Level, readonly string[]> = {
  study: [
    ...[
      '00080020',
      '00080030',
      '00080050',
      '00080061',
      '00080080',
      '00080090',
      '00081030',
      '00100010',
      '00100020',
    ],
    ...['00100021', '00100030', '00100040', '00200010', '00201206', '00201208'],
  ],
  series: [
    ...['00080021', '00080031', '0008103E', '00180015', '00200011', '00201209'],
    ...['00400244', '00400245', '00400275'],
  ],
  instance: ['00080016', '00080018', '00083002', '00200013', '00280008', '00280010', '00280011', '00280100'],
};
/** Said at every level: of what it belongs to, or of itself in its own words. */
const EVERYWHERE = ['00080005', '00080056', '00081190', '0020000D'];
const SERIES_KEYS = ['00080060', '0020000E'];
const SOP_CLASSES_IN_STUDY = '00080062';
const LEVELS: readonly Level[] = ['study', 'series', 'instance'];

/** What results are to say beside what they say anyway. */
export interface Wanted {
  /** Tags that were asked for by `includefield` or as a matching key. */
  tags: ReadonlySet<string> | 'all';
  inclusion: Inclusion;
}

/** What a search at `place` has to find out, so that its results can say all that is wanted. */
export function wantedOf(tags: ReadonlySet<string>, place: Place): Wanted {
  if (tags.has('all')) {
    return { tags: 'all', inclusion: { parents: true, sopClassesInStudy: true, stored: 'all' } };
  }
  const { level } = place;
  const own = new Set([...EVERYWHERE, ...CATALOGUED[level], ...(level === 'study' ? [] : SERIES_KEYS)]);
  const levels = LEVELS.filter((each) => reaches(each, level));
  const known = new Set(levels.flatMap((each) => CATALOGUED[each]));
  const more = [...tags].filter((tag) => !own.has(tag));
  const hasUnnamedParents = levels.some((each) => each !== level && !isNamed(each, place));
  return {
    tags,
    inclusion: {
      parents: hasUnnamedParents || (level !== 'study' && more.some((tag) => known.has(tag))),
      sopClassesInStudy: tags.has(SOP_CLASSES_IN_STUDY),
      stored: more.filter((tag) => !known.has(tag) && tag !== SOP_CLASSES_IN_STUDY),
    },
  };
}

/** Whether the path says which one it is, so that results need not repeat its attributes. */
export function isNamed(level: Level, { studyInstanceUid, seriesInstanceUid }: Place): boolean {
  return (level === 'study' ? studyInstanceUid : seriesInstanceUid) !== undefined;
}
