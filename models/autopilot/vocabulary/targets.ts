/** Words of orders about what is to be predicted. */

import { lines } from './lines.ts';

/** They name the target. */
export const PREDICTING = lines(`
predict
predicts
predicting
prediction
target
forecast
forecasting
`);

/** Of those the ones that name the target only before "of". */
export const PREDICTIONS = lines(`
prediction
`);

/** Between them and the target. */
export const PREDICTION_OF = lines(`
of
for
:
`);

/** Behind the column that is to be the target. */
export const AS_TARGET = lines(`
as target
as the target
as a target
as outcome
as the outcome
as label
as the label
is the target
is the outcome
`);

/** They may name the target. */
export const MODELLING = lines(`
model
modelling
modeling
estimate
classify
outcome
label
classifier
regressor
`);

/** They stand between these and the target. */
export const BEFORE_A_TARGET = lines(`
the
a
an
column
variable
of
is
should
be
will
whether
for
:
`);
