import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const GIBIBYTE = 1024 ** 3;
const GIGABYTE = 1e9;

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number);

const yesOrNo = z.stringbool({
  truthy: ['yes', 'true', '1'],
  falsy: ['no', 'false', '0'],
  error: 'must be yes or no',
});

const isOrigin = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return /^https?:$/.test(url?.protocol ?? '') && `${url?.origin}/` === url?.href;
};

/** Every variable Filmpost reads, in the order a person setting it up meets them. */
export const variables = z.object({
  PORT: wholeNumber(1, 65535).default(4000).describe('The port everything is served on.'),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe('The address to listen on; 0.0.0.0 lets other machines in, which is what a container needs.'),
  PUBLIC_URL: z
    .string()
    .refine(isOrigin, { error: 'must be an address without a path, such as https://films.example.org' })
    .transform((text) => new URL(text).origin)
    .optional()
    .describe('The address people type, used in every link we send; http://localhost:PORT when unset.'),
  TRUST_PROXY: wholeNumber(0, 16)
    .default(0)
    .describe('How many reverse proxies stand in front and may say who the visitor is (X-Forwarded-For).'),
  DATA_DIR: z
    .string()
    .default('./data')
    .describe('The folder that holds everything that must survive: images, the database, the secret.'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'must be an address that begins with postgres://' })
    .optional()
    .describe('A PostgreSQL of your own; when unset one is started inside DATA_DIR.'),
  FILMPOST_SECRET: z
    .string()
    .min(32, { error: 'must have at least 32 characters' })
    .optional()
    .describe('The pepper of codes, PINs and sessions; when unset it is read from SECRET_FILE.'),
  SECRET_FILE: z
    .string()
    .optional()
    .describe('The file that holds the secret; DATA_DIR/secret when unset, made on the first start.'),
  UPLOAD_MAX_BYTES: wholeNumber(1, Number.MAX_SAFE_INTEGER)
    .default(50 * GIBIBYTE)
    .describe('The largest single file or pack of files accepted, in bytes.'),
  UPLOAD_TOTAL_BYTES: wholeNumber(1, Number.MAX_SAFE_INTEGER)
    .default(200 * GIGABYTE)
    .describe('What all files of one disc or request may have together, in bytes.'),
  UPLOAD_TOTAL_FILES: wholeNumber(1, 1_000_000)
    .default(200_000)
    .describe('How many files one disc or request may have.'),
  DISK_FULL_PERCENT: wholeNumber(0, 100)
    .default(90)
    .describe('From how full a disk on, in percent, no new upload begins; running ones may finish.'),
  DISK_FREE_BYTES: wholeNumber(0, Number.MAX_SAFE_INTEGER)
    .default(20 * GIGABYTE)
    .describe('How many free bytes are enough for new uploads even where DISK_FULL_PERCENT is passed.'),
  DISK_RESERVE_BYTES: wholeNumber(0, Number.MAX_SAFE_INTEGER)
    .default(GIGABYTE)
    .describe('What running uploads leave free as well, in bytes: the database needs room on the same disk.'),
  INSTANCE_MAX_BYTES: wholeNumber(1, Number.MAX_SAFE_INTEGER)
    .default(16 * GIBIBYTE)
    .describe('The largest single image that a machine may store (STOW-RS), in bytes.'),
  SOCKETS_PER_ADDRESS: wholeNumber(1, 1_000_000)
    .default(500)
    .describe('Live screens accepted from one address; raise it where more people share one way out.'),
  DEMO: yesOrNo
    .default(true)
    .describe('Whether an empty database is filled with the demo world; say no before real patients come.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be debug, info, warn, error or silent',
    })
    .default('info')
    .describe('How much the processes say on standard error: debug, info, warn, error or silent.'),
  FILMPOST_DEV: yesOrNo
    .default(false)
    .describe('Whether pages come from the development server; npm run dev sets it.'),
});

/** What the processes are told from outside; folders are absolute, addresses carry no trailing slash. */
export interface Environment {
  port: number;
  host: string;
  publicUrl: string;
  /** Number of trusted reverse proxies. */
  trustProxy: number;
  dataDirectory: string;
  databaseUrl?: string;
  secret?: string;
  secretFile: string;
  uploadMaxBytes: number;
  instanceMaxBytes: number;
  /** What the intake takes, and how much of the disk. Sizes in bytes. */
  limits: {
    uploadBytes: number;
    uploadFiles: number;
    diskPercent: number;
    diskFreeBytes: number;
    diskReserveBytes: number;
  };
  /** Of each kind: for events, and for presence. */
  socketsPerAddress: number;
  demo: boolean;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  development: boolean;
}

/** The environment cannot be used; `problems` has one sentence per variable to put right. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Values that may carry a password are named in a complaint but never repeated. */
const unspeakable = new Set(['DATABASE_URL', 'FILMPOST_SECRET']);

function complaint(issue: z.core.$ZodIssue, given: Record<string, string>): string {
  const name = String(issue.path[0]);
  const seen = unspeakable.has(name) ? '' : `, not ${JSON.stringify(given[name])}`;
  return `${name} ${issue.message}${seen}.`;
}

/**
 * Pure: reads nothing but its argument (and the working directory for relative folders). `NAME=` counts as unset.
 * @throws EnvironmentError with every problem at once
 */
export function parseEnvironment(env: Record<string, string | undefined>): Environment {
  const given: Record<string, string> = {};
  for (const name of Object.keys(variables.shape)) {
    const value = env[name]?.trim();
    if (value) given[name] = value;
  }
  const parsed = variables.safeParse(given);
  if (!parsed.success)
    throw new EnvironmentError(parsed.error.issues.map((issue) => complaint(issue, given)));

  const read = parsed.data;
  const dataDirectory = path.resolve(read.DATA_DIR);
  return {
    port: read.PORT,
    host: read.HOST,
    publicUrl: read.PUBLIC_URL ?? `http://localhost:${read.PORT}`,
    trustProxy: read.TRUST_PROXY,
    dataDirectory,
    databaseUrl: read.DATABASE_URL,
    secret: read.FILMPOST_SECRET,
    secretFile: path.resolve(read.SECRET_FILE ?? path.join(dataDirectory, 'secret')),
    uploadMaxBytes: read.UPLOAD_MAX_BYTES,
    instanceMaxBytes: read.INSTANCE_MAX_BYTES,
    limits: {
      uploadBytes: read.UPLOAD_TOTAL_BYTES,
      uploadFiles: read.UPLOAD_TOTAL_FILES,
      diskPercent: read.DISK_FULL_PERCENT,
      diskFreeBytes: read.DISK_FREE_BYTES,
      diskReserveBytes: read.DISK_RESERVE_BYTES,
    },
    socketsPerAddress: read.SOCKETS_PER_ADDRESS,
    demo: read.DEMO,
    logLevel: read.LOG_LEVEL,
    development: read.FILMPOST_DEV,
  };
}

let known: Environment | undefined;

/**
 * The environment of this process, parsed on first use; a bad one ends the process with exit code 2. What a file
 * `.env` in the working directory says counts where the environment itself says nothing.
 */
export function environment(): Environment {
  try {
    if (!known && existsSync('.env')) process.loadEnvFile('.env');
    known ??= parseEnvironment(process.env);
    return known;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    for (const problem of error.problems) console.error(problem);
    process.exit(2);
  }
}
