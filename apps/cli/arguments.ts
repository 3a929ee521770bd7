import { parseArgs } from 'node:util';

/** What was typed after `cli`: a noun, a verb, and options of which some may be repeated. */
export interface CommandLine {
  noun: string;
  verb: string;
  json: boolean;
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
      options: { ...options, json: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.');
  }
  const [noun = '', verb = ''] = parsed.positionals;
  const repeated = (name: string) => {
    const value = parsed.values[name];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    noun,
    verb,
    json: parsed.values.json === true,
    repeated,
    option: (name) => repeated(name).at(-1),
    required: (name) => {
      const value = repeated(name).at(-1);
      if (value === undefined) throw new UsageError(`--${name} is missing.`);
      return value;
    },
  };
}
