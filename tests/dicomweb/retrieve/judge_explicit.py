#!/usr/bin/env python3
"""Whether a file in Explicit VR Little Endian says what the file it was made of says, for pydicom.

Reads pairs of file names from standard input, `original<TAB>made`, one a line; prints for each one JSON document: a list
of what differs, and whether pixels were compared by value.
"""

import json
import sys
import warnings

import numpy
import pydicom
from pydicom import config, datadict
from pydicom.filewriter import correct_ambiguous_vr

warnings.simplefilter('ignore')
datadict.private_dictionaries.clear()

EXPLICIT = '1.2.840.10008.1.2.1'
PIXELS = {0x7FE00008, 0x7FE00009, 0x7FE00010}
# What decoding is bound to change (PS3.5 8.2, PS3.3 C.7.6.3).
OF_PIXELS = PIXELS | {0x00280004, 0x00280006, 0x00282110, 0x7FE00001, 0x7FE00002, 0x7FE00003}
WORDS = {'OW': 2, 'OL': 4, 'OF': 4, 'OD': 8, 'OV': 8}


def little(element, original):
    """Other bytes than words stay as they are in big endian, which pydicom does not turn round."""
    value = element.value
    width = WORDS.get(element.VR, 0)
    if isinstance(value, bytes) and not original.is_little_endian and width:
        whole = len(value) - len(value) % width
        return numpy.frombuffer(value[:whole], f'>u{width}').astype(f'<u{width}').tobytes() + value[whole:]
    return value


def even(value):
    return value + b'\0' if isinstance(value, bytes) and len(value) % 2 else value


def plain(value):
    if isinstance(value, bytes):
        return even(value)
    return repr(value)


def differences(one, other, original, skip, path=''):
    tags = {tag for tag in one.keys() if tag.element != 0 and tag not in skip}
    found = [f'{path}{tag} is missing' for tag in tags - set(other.keys())]
    found += [f'{path}{tag} is new' for tag in set(other.keys()) - tags - skip]
    for tag in sorted(tags & set(other.keys())):
        try:
            a = one[tag]
        except Exception:
            continue  # what pydicom cannot read it cannot judge
        b = other[tag]
        if a.VR == 'SQ' and b.VR == 'SQ':
            if len(a.value) != len(b.value):
                found.append(f'{path}{tag} has {len(b.value)} items')
            for index, (x, y) in enumerate(zip(a.value, b.value)):
                found += differences(x, y, original, set(), f'{path}{tag}[{index}].')
        elif a.VR != b.VR:
            found.append(f'{path}{tag} is {b.VR}, was {a.VR}')
        elif plain(little(a, original)) != plain(b.value):
            found.append(f'{path}{tag} differs')
    return found


def pixels(original, made):
    """The largest difference of any two values; None where pydicom reads no values."""
    try:
        ours = made.pixel_array
    except Exception:
        return None
    try:
        theirs = original.pixel_array
    except Exception:
        return None
    if ours.shape != theirs.shape:
        return float('inf')
    return float(numpy.max(numpy.abs(ours.astype('float64') - theirs.astype('float64')), initial=0))


def judged(original_path, made_path):
    original = pydicom.dcmread(original_path, force=True)
    made = pydicom.dcmread(made_path)
    if made.file_meta.TransferSyntaxUID != EXPLICIT:
        return {'differ': ['transfer syntax'], 'apart': None}
    if made.file_meta.MediaStorageSOPInstanceUID != made.SOPInstanceUID:
        return {'differ': ['file meta information'], 'apart': None}
    original = correct_ambiguous_vr(original, original.is_little_endian)
    stored = str(getattr(original.file_meta, 'TransferSyntaxUID', ''))
    encapsulated = any(tag in original and original[tag].is_undefined_length for tag in PIXELS)
    skip = OF_PIXELS if encapsulated else PIXELS
    differ = differences(original, made, original, skip)
    apart = pixels(original, made)
    if not encapsulated and apart is None:
        for tag in PIXELS & set(original.keys()):
            a, b = original[tag].value, made[tag].value
            if even(a) != b and original.is_little_endian:
                differ.append('pixels')
    return {'differ': differ, 'apart': apart, 'stored': stored}


for line in sys.stdin:
    one, other = line.rstrip('\n').split('\t')
    try:
        print(json.dumps(judged(one, other)), flush=True)
    except Exception as error:
        print(json.dumps({'differ': [f'{type(error).__name__}: {error}'], 'apart': None}), flush=True)
