import type { PackageProgress, PackageWish } from '@filmpost/exchange/packages/schema.ts';
import type { ServedWorld } from './exchange.ts';
import type { Papers } from './visitors.ts';

/** From what somebody takes exams. */
export type From = { shareId: string } | { facility: string };

export interface Taker {
  papers: Papers;
  from: From;
}

/** Where a package is downloaded. */
export function packagePath(from: From, packageId: string): string {
  const root = 'shareId' in from ? `/downloads/${from.shareId}` : `/downloads/f/${from.facility}`;
  return `${root}/packages/${packageId}`;
}

/** Asks for a package as the page does; the server's answer as it is. */
export function askForPackage(
  { url }: Pick<ServedWorld, 'url'>,
  { papers, from }: Taker,
  wish: Partial<PackageWish>,
): Promise<Response> {
  return fetch(`${url}/trpc/packages.ask`, {
    method: 'POST',
    headers: { ...papers, 'content-type': 'application/json' },
    body: JSON.stringify({ from, wish }),
  });
}

/** A package that has been asked for. */
export async function aPackage(
  world: Pick<ServedWorld, 'url'>,
  taker: Taker,
  wish: Partial<PackageWish>,
): Promise<PackageProgress> {
  const answer: { result: { data: PackageProgress } } = await (
    await askForPackage(world, taker, wish)
  ).json();
  return answer.result.data;
}

/** How far a package is. */
export async function packageProgress(
  { url }: Pick<ServedWorld, 'url'>,
  { papers, from }: Taker,
  packageId: string,
): Promise<PackageProgress> {
  const input = encodeURIComponent(JSON.stringify({ from, packageId }));
  const response = await fetch(`${url}/trpc/packages.find?input=${input}`, { headers: papers });
  const answer: { result: { data: PackageProgress } } = await response.json();
  return answer.result.data;
}
