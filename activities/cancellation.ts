/**
 * Whether people cancelled the activity. Its signal alone does not tell: it is aborted as well when its worker ends,
 * and what was done until then is as good as ever and goes on with another worker.
 */

import { Context } from '@temporalio/activity';

/** Of the running activity; what is returned may be asked wherever, also by who listens to the signal. */
export function cancelRequests(): () => boolean {
  const context = Context.current();
  return () => context.cancellationDetails?.cancelRequested === true;
}
