/** What people call the measures. */

import { lines } from './lines.ts';

/** No model here can be chosen by them. */
export const UNKNOWN_METRICS = lines(`
average precision
pr auc
auc pr
auprc
mcc
matthews
kappa
mape
smape
rmsle
gini
brier
specificity
precision
lift
`);

export const PRECISION_AND_RECALL = lines(`
precision and recall
recall and precision
`);

export const BALANCED_ACCURACY = lines(`
balanced accuracy
`);

export const ROC_AUC = lines(`
auc
roc auc
rocauc
`);

export const F1 = lines(`
f1
f score
f measure
`);

export const LOG_LOSS = lines(`
log loss
logloss
`);

export const RMSE = lines(`
rmse
mse
mean square error
mean squared error
`);

export const MAE = lines(`
mae
mean absolute error
`);

export const R2 = lines(`
r2
r squared
`);

export const ACCURACY = lines(`
accuracy
`);

export const RECALL = lines(`
recall
sensitivity
`);

/** What follows them is not asked for. */
export const AGAINST = lines(`
not
no
never
instead of
rather than
anything but
other than
don't use
`);
