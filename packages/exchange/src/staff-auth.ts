import { betterAuth } from 'better-auth';
import type { Db } from '@filmpost/db/client.ts';

export interface StaffAuthOptions {
  db: Db;
  publicUrl: string;
  secret: string;
}

/**
 * Staff sign-in (better-auth): password, sessions in schema `auth`.
 * 15 characters at least, no composition rules (NIST SP 800-63B-4); 12 h at most, see A.13 ABS_SESSION.
 */
export function createStaffAuth({ db, publicUrl, secret }: StaffAuthOptions) {
  return betterAuth({
    appName: 'Filmpost',
    baseURL: publicUrl,
    basePath: '/auth',
    secret,
    database: { db: db.withoutPlugins().withSchema('auth'), type: 'postgres', transaction: true },
    emailAndPassword: { enabled: true, disableSignUp: false, minPasswordLength: 15, maxPasswordLength: 256 },
    session: { expiresIn: 12 * 60 * 60, updateAge: 5 * 60 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 60,
      storage: 'database',
      // A hospital's people share one address and begin their shift together: three in ten seconds, as the library has it
      // for sign-in, shuts out the fourth.
      customRules: { '/sign-in/email': { window: 60, max: 20 } },
    },
    telemetry: { enabled: false },
    // Who mistypes a password is not a matter for the log of the process.
    logger: { level: 'error' },
    trustedOrigins: [publicUrl],
    advanced: { ipAddress: { ipAddressHeaders: ['x-filmpost-client'] }, cookiePrefix: 'filmpost' },
  });
}

export type StaffAuth = ReturnType<typeof createStaffAuth>;
