import type { Rewrite } from './release-rules.ts';

/** The shipped viewer is not the one our rules were written for. */
export class UnknownViewerError extends Error {
  override name = 'UnknownViewerError';
}

/** Applies rewrites file by file and remembers how often each one matched. */
export class Rewriter {
  readonly #rules: { rewrite: Rewrite; found: number }[];

  constructor(rewrites: readonly Rewrite[]) {
    this.#rules = rewrites.map((rewrite) => ({ rewrite, found: 0 }));
  }

  apply(path: string, text: string): string {
    let rewritten = text;
    for (const rule of this.#rules) {
      if (!rule.rewrite.files.test(path)) continue;
      const pieces = rewritten.split(rule.rewrite.from);
      rule.found += pieces.length - 1;
      rewritten = pieces.join(rule.rewrite.to);
    }
    return rewritten;
  }

  /** @throws {UnknownViewerError} when a rule matched more or less often than it was meant to */
  assertComplete(): void {
    const wrong = this.#rules.filter(({ rewrite, found }) => found !== rewrite.hits);
    if (wrong.length === 0) return;
    const list = wrong.map(
      ({ rewrite, found }) => `${JSON.stringify(rewrite.from)}: ${found}, not ${rewrite.hits}`,
    );
    throw new UnknownViewerError(
      `The viewer's files changed, look at each rewrite again. ${list.join('; ')}`,
    );
  }
}
