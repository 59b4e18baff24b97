/** Measures that no model here can be chosen by. */

import { lines } from './lines.ts';

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
