/** Sources that are about to be deleted, or were: lists leave them out at once. */

import { SvelteSet } from 'svelte/reactivity';

export const leavingSources = new SvelteSet<string>();
