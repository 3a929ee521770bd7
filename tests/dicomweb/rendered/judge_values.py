"""The stored values of the first frame of each file named on standard input, as little endian doubles in files
0, 1, 2… of the folder given; nothing where pydicom cannot tell."""

import sys
import warnings
from pathlib import Path

import pydicom

warnings.simplefilter("ignore")
folder = Path(sys.argv[1])
for index, line in enumerate(sys.stdin):
    try:
        dataset = pydicom.dcmread(line.rstrip("\n"), force=True)
        pixels = dataset.pixel_array
        if int(dataset.get("NumberOfFrames") or 1) > 1:
            pixels = pixels[0]
        (folder / str(index)).write_bytes(pixels.astype("<f8").tobytes())
    except Exception as error:
        print(line.strip(), type(error).__name__, file=sys.stderr)
