import { parseArgs } from 'node:util';

/** What was typed after `cli`: a noun, a verb, and options of which some may be repeated. */
export interface CommandLine {
  noun: string;
  verb: string;
  json: boolean;
  help: boolean;
  /** Which options were typed, without their dashes. */
  given: string[];
  option(name: string): string | undefined;
  required(name: string): string;
  repeated(name: string): string[];
}

/** The words do not make a command; the message says what to type. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

const NAMES = [
  'name',
  'slug',
  'timezone',
  'phone',
  'email',
  'facility',
  'role',
  'password',
  'patient',
  'dob',
  'details',
  'from',
  'study',
  'request',
  'id',
  'note',
  'search',
  'bytes',
] as const;

/** @throws UsageError for an unknown option or a value without its option */
export function commandLine(argv: readonly string[]): CommandLine {
  const options = Object.fromEntries(
    NAMES.map((name) => [name, { type: 'string', multiple: true } as const]),
  );
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { ...options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new UsageError(sentenceOf(error));
  }
  const [noun = '', verb = '', surplus] = parsed.positionals;
  if (surplus !== undefined) {
    throw new UsageError(`"${surplus}" belongs to no option. Put names of several words in quotes.`);
  }
  const repeated = (name: string) => {
    const value = parsed.values[name];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    noun,
    verb,
    json: parsed.values.json === true,
    help: parsed.values.help === true || noun === 'help',
    given: NAMES.filter((name) => name in parsed.values),
    repeated,
    option: (name) => repeated(name).at(-1),
    required: (name) => {
      const value = repeated(name).at(-1);
      if (value === undefined) throw new UsageError(`--${name} is missing.`);
      return value;
    },
  };
}

/** Node's own words, without its advice on values that begin with a dash. */
function sentenceOf(error: unknown): string {
  const [sentence = ''] = error instanceof Error ? error.message.split(/(?<=\.) /) : [];
  return sentence || 'The options cannot be read.';
}
