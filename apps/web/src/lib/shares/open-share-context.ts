import { createContext } from 'svelte';
import type { LiveInbox } from './live-inbox.svelte.ts';

/** The open share that the pages below `/view/<share>` are about. */
export const [useOpenShare, provideOpenShare] = createContext<LiveInbox>();
