import { variables } from './environment.ts';

const WIDTH = 100;

/** Breaks a sentence into comment lines. */
function comment(sentence: string): string[] {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.map((line) => `# ${line}`);
}

function shown(fallback: unknown): string {
  return typeof fallback === 'boolean' ? (fallback ? 'yes' : 'no') : String(fallback ?? '');
}

/** The text of `.env.example`: every variable with its sentence and its default, all commented out. */
export function environmentExample(): string {
  const blocks = Object.entries(variables.shape).map(([name, variable]) =>
    [...comment(variable.description ?? ''), `#${name}=${shown(variable.parse(undefined))}`].join('\n'),
  );
  const opening = '# Made from packages/config/src/environment.ts by "node scripts/env-example.ts".';
  return `${[opening, ...blocks].join('\n\n')}\n`;
}
