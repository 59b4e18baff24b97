import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './lib/design/tokens.css';
import './lib/design/base.css';
import { mount } from 'svelte';
import App from './app.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });
