"""Loads a DICOMDIR as pydicom understands it and every instance it lists.

Prints one JSON object: the number of records, and those whose file is not the instance that the record names.
"""

import json
import sys
import warnings

from pydicom import dcmread
from pydicom.fileset import FileSet

warnings.simplefilter("ignore")

file_set = FileSet(sys.argv[1])
wrong = []
for instance in file_set:
    found = dcmread(instance.path, stop_before_pixels=True, force=True)
    if found.SOPInstanceUID != instance.ReferencedSOPInstanceUIDInFile:
        wrong.append(str(instance.ReferencedFileID))
print(json.dumps({"id": file_set.ID, "instances": len(file_set), "wrong": wrong}))
