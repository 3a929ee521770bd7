#!/usr/bin/env python3
"""Holds Native DICOM Models (PS3.19 A.1) against those of DCMTK.

Reads pairs of XML files from standard input, ours and theirs, two names a line, separated by a tab. Prints one line
each: a JSON list of the paths that differ. Text is compared as text, numbers by value; bytes are not compared, nor what
a web service leaves out or says itself.
"""

import json
import sys
from xml.etree import ElementTree

OURS_TO_SAY = {'00080005', '00083002'}
NUMBERS = {'DS', 'IS', 'FL', 'FD', 'US', 'SS', 'UL', 'SL', 'UV', 'SV'}
BYTES = {'OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'UN'}


def local(element):
    return element.tag.split('}')[-1]


def value_of(vr, element):
    if local(element) == 'Value':
        text = element.text or ''
        if vr in NUMBERS:
            try:
                return float(f'{float(text):.6g}')
            except ValueError:
                return text.strip()
        return text.rstrip(' ')
    return [(local(child), value_of(None, child) if len(child) else (child.text or '').rstrip(' ')) for child in element]


def attributes(parent, path, out):
    for attribute in parent:
        if local(attribute) != 'DicomAttribute':
            continue
        tag, vr = attribute.get('tag').upper(), attribute.get('vr')
        if tag.endswith('0000') or tag in OURS_TO_SAY or tag >= '7FE00008' or tag < '00080000':
            continue
        creator = attribute.get('privateCreator')
        here = f'{path}{tag} of {creator}' if creator else f'{path}{tag}'
        out[here] = [vr, attribute.get('keyword')]
        if vr == 'SQ':
            for item in attribute:
                attributes(item, f"{here}[{item.get('number')}].", out)
        elif vr not in BYTES:
            values = [(child.get('number'), value_of(vr, child)) for child in attribute if local(child) != 'BulkData']
            out[here].append([value for value in values if value[1] not in ('', [])])


def agree(ours, theirs):
    # DCMTK leaves out the keywords of what is retired.
    return ours is not None and theirs is not None and (not theirs[1] or ours[1] == theirs[1]) and ours[::2] == theirs[::2]


def main():
    for line in sys.stdin:
        maps = []
        for name in line.rstrip('\n').split('\t'):
            out = {}
            attributes(ElementTree.parse(name).getroot(), '', out)
            maps.append(out)
        ours, theirs = maps
        paths = sorted(set(ours) | set(theirs))
        differing = [[path, ours.get(path), theirs.get(path)] for path in paths if not agree(ours.get(path), theirs.get(path))]
        print(json.dumps(differing))


main()
