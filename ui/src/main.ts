import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './lib/design/tokens.css';
import './lib/design/base.css';
import { mount } from 'svelte';
import App from './app.svelte';
import { live } from './lib/live/live.svelte.ts';
import { routeOf } from './lib/routing/routes.ts';
import { askAhead } from './lib/streams/event-pages.ts';
import { pageLoader } from './pages.ts';

// asked for before anything is drawn: the page's program and the lists come while the frame is
// the page asks again, and says what is wrong
const { page, params } = routeOf(location.pathname);
void pageLoader(page)?.().catch(() => undefined);
if (page === 'studio') askAhead(params.sessionId);
void live.refresh();

const target = document.getElementById('app');
if (target) mount(App, { target });
