import type { Exchange } from './exchange.ts';

/** A job's name, its policy and what it does. Handlers parse their payload and call a command. */
export interface JobDefinition {
  queue: string;
  policy: {
    retryLimit: number;
    retryDelay?: number;
    retryBackoff?: boolean;
    expireInSeconds: number;
    /** A worker that dies is noticed after this long, and its job is done by another. */
    heartbeatSeconds?: number;
  };
  work: { batchSize: number; localConcurrency: number };
  /** Runs by itself, once among all workers. */
  everyMinutes?: number;
  handle(exchange: Exchange, data: unknown[]): Promise<void>;
}
