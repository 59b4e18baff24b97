import { MediaQuery } from 'svelte/reactivity';

/** `narrow.current`: the phone layout, below 720 px. */
export const narrow = new MediaQuery('max-width: 719px');
