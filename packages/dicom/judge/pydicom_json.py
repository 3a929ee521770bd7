#!/usr/bin/env python3
"""The DICOM JSON model as pydicom writes it, to hold ours against.

Reads file names from standard input, one a line; prints one JSON document a line: the data set without group
lengths, pixel data and what follows it, or null where pydicom cannot read the file. Long binary values become
{"vr", "bulk": true}. Values pydicom reads but cannot convert become {"error": true}.
"""

import json
import sys
import warnings

import pydicom
from pydicom import config, datadict
from pydicom.filewriter import correct_ambiguous_vr

BULK_BYTES = 1024
LAST_TAG = 0x7FE00007
OWN_TAGS = {0x00080005, 0x00083002}

warnings.simplefilter('ignore')
# Private dictionaries belong to vendors; we keep private elements of unknown VR as UN.
datadict.private_dictionaries.clear()


def element_json(element):
    if element.VR == 'SQ':
        items = [data_set_json(item, False) for item in element.value]
        return {'vr': 'SQ', 'Value': items} if items else {'vr': 'SQ'}
    if isinstance(element.value, bytes) and len(element.value) > BULK_BYTES:
        return {'vr': element.VR, 'bulk': True}
    return element.to_json_dict(None, 0)


def data_set_json(data_set, top=True):
    out = {}
    for tag in sorted(data_set.keys()):
        if tag.element == 0 or (tag == 0x00080005) or (top and (tag > LAST_TAG or tag in OWN_TAGS)):
            continue
        try:
            value = element_json(data_set[tag])
            json.dumps(value)
        except Exception:
            value = {'error': True}
        out[f'{tag:08X}'] = value
    return out


def file_json(path):
    try:
        data_set = pydicom.dcmread(path, force=True)
        return data_set_json(correct_ambiguous_vr(data_set, data_set.is_little_endian))
    except Exception:
        return None


for line in sys.stdin:
    print(json.dumps(file_json(line.rstrip('\n'))), flush=True)
