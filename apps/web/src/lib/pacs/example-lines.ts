/** Lines that somebody may paste into a terminal to try a key. */
export function exampleLines(root: string, key: string): { what: string; line: string }[] {
  const bearer = `-H "Authorization: Bearer ${key}"`;
  return [
    {
      what: 'The exams of the share',
      line: `curl ${bearer} -H "Accept: application/dicom+json" "${root}/studies"`,
    },
    {
      what: 'All images of an exam; put its Study Instance UID in place of UID',
      line: `curl ${bearer} -H 'Accept: multipart/related; type="application/dicom"' -o exam.multipart "${root}/studies/UID"`,
    },
  ];
}
