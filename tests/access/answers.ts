/** One answer as a stranger sees it. What differs from call to call by nature is left out. */
export interface Answer {
  status: number;
  /** Comparable text: status, headers and body. */
  face: string;
  body: string;
}

const BY_NATURE = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);

export async function answerOf(response: Response): Promise<Answer> {
  const body = await response.text();
  const headers = [...response.headers].filter(([name]) => !BY_NATURE.has(name));
  const lines = headers.map(([name, value]) => `${name}: ${value}`).sort();
  return { status: response.status, body, face: [`${response.status}`, ...lines, '', body].join('\n') };
}
