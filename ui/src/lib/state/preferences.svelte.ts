/** What a person chose for this browser. Read before the first paint by public/theme.js. */

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';
/** Whether the browser shows when a session begins to ask. */
export type Notifications = 'on' | 'off';

const DARK = '(prefers-color-scheme: dark)';

/** A kept choice; `fallback` where none is kept or storage is switched off. */
export function readChoice<T extends string>(key: string, choices: readonly T[], fallback: T): T {
  try {
    const stored = localStorage.getItem(`tempera.${key}`);
    return choices.find((choice) => choice === stored) ?? fallback;
  } catch {
    return fallback; // storage is switched off: the choice lasts as long as the page
  }
}

export function keepChoice(key: string, value: string): void {
  try {
    localStorage.setItem(`tempera.${key}`, value);
  } catch {
    // storage is switched off or full: the choice lasts as long as the page
  }
}

class Preferences {
  #theme = $state<Theme>(readChoice('theme', ['system', 'light', 'dark'], 'system'));
  #density = $state<Density>(readChoice('density', ['comfortable', 'compact'], 'comfortable'));
  #notifications = $state<Notifications>(readChoice('notifications', ['on', 'off'], 'off'));
  #dark = $state(matchMedia(DARK).matches);

  get theme(): Theme {
    return this.#theme;
  }
  set theme(theme: Theme) {
    this.#theme = theme;
    keepChoice('theme', theme);
    this.#apply();
  }
  get density(): Density {
    return this.#density;
  }
  set density(density: Density) {
    this.#density = density;
    keepChoice('density', density);
    this.#apply();
  }
  get notifications(): Notifications {
    return this.#notifications;
  }
  set notifications(notifications: Notifications) {
    this.#notifications = notifications;
    keepChoice('notifications', notifications);
  }
  /** What is shown now: charts draw with it, since a canvas knows no custom properties. */
  get shownTheme(): 'light' | 'dark' {
    if (this.#theme !== 'system') return this.#theme;
    return this.#dark ? 'dark' : 'light';
  }

  /** Follows the system's theme until the returned function is called. */
  start(): () => void {
    const media = matchMedia(DARK);
    const read = (): void => {
      this.#dark = media.matches;
      this.#apply();
    };
    media.addEventListener('change', read);
    return () => media.removeEventListener('change', read);
  }

  #apply(): void {
    document.documentElement.dataset.theme = this.shownTheme;
    document.documentElement.dataset.density = this.#density;
  }
}

export const preferences = new Preferences();
