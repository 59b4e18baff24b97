/** The page on which tests/ui/primitives.test.ts tries the primitives. */

import '../../design/tokens.css';
import '../../design/base.css';
import { mount } from 'svelte';
import Stage from './stage.svelte';

mount(Stage, { target: document.body });
