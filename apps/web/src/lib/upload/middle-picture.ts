import type { ExamOnDisc } from './survey.ts';

/** The image in the middle of the exam's longest series; null when it has nothing to look at. */
export function middlePicture({ pictures }: Pick<ExamOnDisc, 'pictures'>): number | null {
  const [longest = []] = [...pictures.values()].toSorted((a, b) => b.length - a.length);
  const inOrder = longest.toSorted((a, b) => a.number - b.number || a.at - b.at);
  return inOrder[Math.floor((inOrder.length - 1) / 2)]?.at ?? null;
}
