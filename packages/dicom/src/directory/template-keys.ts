/** Keys of what belongs to no patient: hanging protocols, palettes, implants. */

import { Tag } from '../tags.ts';
import { CODE, NO_DATE, UNNAMED } from './content-keys.ts';
import { key, known, required, sequence } from './keys.ts';
import type { Key } from './keys.ts';

const manufacturer = required(Tag.manufacturer, 'LO', 'Manufacturer', { otherwise: 'Unknown' });

export const hangingProtocol: readonly Key[] = [
  required(0x00720002, 'SH', 'Hanging Protocol Name', { otherwise: 'UNNAMED' }),
  required(0x00720004, 'LO', 'Hanging Protocol Description', { otherwise: 'Unnamed' }),
  required(0x00720006, 'CS', 'Hanging Protocol Level', { otherwise: 'SITE' }),
  required(0x00720008, 'LO', 'Hanging Protocol Creator', { otherwise: 'Unknown' }),
  required(0x0072000a, 'DT', 'Hanging Protocol Creation DateTime', { otherwise: NO_DATE }),
  sequence(0x0072000c, 'Hanging Protocol Definition Sequence', {
    type: 1,
    items: [
      key(Tag.modality, 'CS', 'Modality'),
      sequence(0x00081032, 'Procedure Code Sequence', { type: 2, items: CODE }),
      sequence(0x00082218, 'Anatomic Region Sequence', { items: CODE }),
      known(Tag.laterality, 'CS', 'Laterality'),
      sequence(0x0040100a, 'Reason for Requested Procedure Code Sequence', { type: 2, items: CODE }),
    ],
  }),
  sequence(0x0072000e, 'Hanging Protocol User Identification Code Sequence', { type: 2, items: CODE }),
  required(0x00720014, 'US', 'Number of Priors Referenced', { otherwise: '0' }),
];

export const palette: readonly Key[] = [
  required(Tag.contentLabel, 'CS', 'Content Label', { otherwise: 'UNLABELLED' }),
  known(Tag.contentDescription, 'LO', 'Content Description'),
];

export const implant: readonly Key[] = [
  manufacturer,
  required(0x00221095, 'LO', 'Implant Name', { otherwise: 'Unnamed' }),
  required(0x00221097, 'LO', 'Implant Part Number', { otherwise: 'Unknown' }),
  key(0x00686210, 'LO', 'Implant Size'),
];

export const implantAssembly: readonly Key[] = [
  manufacturer,
  required(0x00760001, 'LO', 'Implant Assembly Template Name', { otherwise: 'Unnamed' }),
  sequence(0x00760020, 'Procedure Type Code Sequence', { type: 1, items: CODE, otherwise: UNNAMED }),
];

export const implantGroup: readonly Key[] = [
  required(0x00780001, 'LO', 'Implant Template Group Name', { otherwise: 'Unnamed' }),
  required(0x00780020, 'LO', 'Implant Template Group Issuer', { otherwise: 'Unknown' }),
];
