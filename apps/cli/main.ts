import '../../scripts/node-version.mjs';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { environment } from '@filmpost/config/environment.ts';
import { runningDatabaseUrl } from '@filmpost/db/embedded.ts';
import { Refused } from '@filmpost/exchange/access/gate/schema.ts';
import { CannotBeDone } from '@filmpost/exchange/facilities/commands.ts';
import { openExchange } from '@filmpost/exchange/open-exchange.ts';
import { ZodError } from 'zod';
import { UsageError, commandLine } from './arguments.ts';
import { COMMANDS, optionsOf, usage } from './commands.ts';
import { asText } from './text.ts';

/** Exit codes: 0 done, 1 cannot be done, 2 not understood. */
async function main(argv: readonly string[]): Promise<number> {
  const line = commandLine(argv);
  if (line.help) {
    process.stdout.write(usage());
    return 0;
  }
  const verbs = Object.hasOwn(COMMANDS, line.noun) ? COMMANDS[line.noun] : undefined;
  const command = verbs && Object.hasOwn(verbs, line.verb) ? verbs[line.verb] : undefined;
  if (!command)
    throw new UsageError(
      line.noun ? `There is no command "${line.noun} ${line.verb}".\n\n${usage()}` : usage(),
    );
  const strange = line.given.find((name) => !optionsOf(command).includes(name));
  if (strange !== undefined) throw new UsageError(`"${line.noun} ${line.verb}" takes no --${strange}.`);
  const settings = environment();
  const databaseUrl =
    settings.databaseUrl ?? runningDatabaseUrl(path.join(settings.dataDirectory, 'postgres'));
  if (!databaseUrl || !existsSync(settings.dataDirectory)) {
    throw new CannotBeDone(
      'Filmpost is not running here. Start it with npm start, or set DATA_DIR or DATABASE_URL.',
    );
  }
  const { exchange, close } = await openExchange({ ...settings, databaseUrl });
  try {
    const result = await command.run(exchange, line);
    process.stdout.write(line.json ? `${JSON.stringify(result)}\n` : asText(result));
    return 0;
  } finally {
    await close();
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageError) return say(error.message, 2);
  if (error instanceof CannotBeDone) return say(error.message, 1);
  if (error instanceof Refused) return say('There is no such thing here. Check the facility and the ids.', 1);
  if (error instanceof ZodError) {
    const issues = error.issues.map(
      ({ path: at, code }) => `${at.join('.') || 'The value'} ${WRONG[code] ?? WRONG.custom}`,
    );
    return say(`These values cannot be used:\n  ${issues.join('\n  ')}`, 2);
  }
  throw error;
}

/** What is wrong with a value, by zod's name for it. */
const WRONG: Record<string, string> & { custom: string } = {
  too_small: 'is too short',
  too_big: 'is too long',
  custom: 'is not of the expected form',
};

function say(message: string, code: number): number {
  process.stderr.write(`${message.trimEnd()}\n`);
  return code;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);
