/**
 * Whether people cancelled the activity. Its signal alone does not tell: it is aborted as well when its worker ends,
 * and what was done until then is as good as ever and goes on with another worker.
 */

import { Context } from '@temporalio/activity';

/** Of the running activity. */
export const isCancelRequested = (): boolean =>
  Context.current().cancellationDetails?.cancelRequested === true;
