/** Before the first browser test: the platform, and a model that does what scripts.ts says. */

import { startScripted } from '../platform/scripted.ts';
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
  keepPlace({
    home: platform.home,
    url: platform.run().addresses.api,
    database: platform.variables().DATABASE_URL ?? '',
    scripted: name,
  });
  globalThis.stopBrowserTests = scripted.stop;
}
