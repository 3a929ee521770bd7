/**
 * Whether a call came back as the gate's no: unknown, foreign, ended and mistyped all look like this. Told by shape,
 * because a page's server code and the procedures live in bundles of their own with an error class each.
 */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return codeOf(error) === 'NOT_FOUND' || ('data' in error && codeOf(error.data) === 'NOT_FOUND');
}

/** Whether a PIN alone proves too little at the moment: the date of birth is asked for as well. */
export function asksForBirthDate(error: unknown): boolean {
  return error instanceof Error && codeOf(error) === 'PRECONDITION_FAILED';
}

function codeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'code' in value ? value.code : undefined;
}
