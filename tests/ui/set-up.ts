/** Before the first browser test: the platform, a model that does what scripts.ts says, and a browser. */

import { startScripted } from '../platform/scripted.ts';
import { startBrowserServer } from './browser.ts';
import { hasPlace, keepPlace } from './place.ts';
import { scripts } from './scripts.ts';

declare global {
  var stopBrowserTests: (() => Promise<void>) | undefined;
}

export default async function setUp(): Promise<void> {
  if (hasPlace()) return;
  const scripted = await startScripted(
    {},
    {
      // one part is killed once: seldom looking is enough
      environment: { TEMPERA_MODEL: 'autopilot/standard', HEALTH_INTERVAL_MILLISECONDS: '2000' },
    },
  );
  const { platform, name } = scripted;
  scripted.model.setScript(scripts(platform.home));
  const browser = await startBrowserServer().catch(async (error: unknown) => {
    await scripted.stop(); // what runs would keep the process of the tests
    throw error;
  });
  keepPlace({
    browser: browser.wsEndpoint(),
    home: platform.home,
    url: platform.run().addresses.api,
    database: platform.variables().DATABASE_URL ?? '',
    scripted: name,
  });
  globalThis.stopBrowserTests = () => browser.close().finally(scripted.stop);
}
