import { hasActiveContent } from './active-content.ts';
import { tellWithheld } from './telling.ts';

/**
 * The address of a PDF that only shows pages, as the viewer may open it; null for one that holds a program. It is looked
 * at in full before the browser's own viewer sees a byte of it.
 */
export async function harmlessDocument(address: string): Promise<string | null> {
  const answer = await fetch(address);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.ok && !(await hasActiveContent(bytes)))
    return URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
  if (answer.ok) tellWithheld(address);
  return null;
}
