import { z } from 'zod';

const line = z.string().trim().max(120).default('');

/** Who sends, in their own words: nobody has checked them, and nothing depends on them. */
export const statedSender = z.object({
  name: line,
  site: line,
  phone: z.string().trim().max(40).default(''),
});
export type StatedSender = z.input<typeof statedSender>;

/** As the asking facility sees it. `at` is ISO 8601 in UTC. */
export interface Sender {
  name: string;
  site: string;
  phone: string;
  at: string;
}
