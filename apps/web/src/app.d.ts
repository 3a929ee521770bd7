import type { Caller } from '@filmpost/api/router.ts';

declare global {
  /** Put here by apps/web/server.ts: how the bundled pages reach the procedures of the process they run in. */
  var filmpost: {
    callerFor(headers: Headers, setCookie: (cookie: string) => void): Caller;
    /** Staff sign-in, for the form that works before any script has loaded; `origin` is the one it trusts. */
    staffAuth: { handler(request: Request): Promise<Response>; origin: string };
  };

  namespace App {
    interface Error {
      message: string;
    }
    interface Locals {
      /** Procedures, called as the visitor who asked for the page. */
      api: Caller;
    }
  }
}

export {};
