import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './lib/design/tokens.css';
import './lib/design/base.css';
import { mount } from 'svelte';
import App from './app.svelte';
import { live } from './lib/live/live.svelte.ts';
import { routeOf } from './lib/routing/routes.ts';
import { pageLoader } from './pages.ts';

// asked for before anything is drawn: the page's program and the lists come while the frame is
// the page asks again, and says what is wrong
void pageLoader(routeOf(location.pathname).page)?.().catch(() => undefined);
void live.refresh();

const target = document.getElementById('app');
if (target) mount(App, { target });
