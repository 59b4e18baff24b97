#!/usr/bin/env node
await import('../build/cli.mjs');
