// Runs before the first paint, so that no page flashes in the wrong theme. Kept in its own file: the content
// security policy allows no inline script. `lib/state/preferences.svelte.ts` writes what is read here.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is switched off: the system's theme is taken
    }
  };
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const chosen = read('tempera.theme');
  const root = document.documentElement;
  root.dataset.theme = chosen === 'light' || chosen === 'dark' ? chosen : dark ? 'dark' : 'light';
  root.dataset.density = read('tempera.density') === 'compact' ? 'compact' : 'comfortable';
})();
