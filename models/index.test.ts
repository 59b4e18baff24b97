import { join } from 'node:path';
import { createLanguageModels } from './index.ts';

const playbooksFolder = join(__dirname, '..', 'sandbox', 'playbooks');

test('the offline model is always there, others where they have a key', () => {
  expect([...createLanguageModels({ playbooksFolder }).keys()]).toEqual(['autopilot']);
  const configured = createLanguageModels({ playbooksFolder, anthropic: { apiKey: 'k' } });
  expect([...configured.keys()]).toEqual(['autopilot', 'anthropic']);
});
