/** What people call the models to choose from. */

import { lines } from './lines.ts';

export const LOG_LINEAR = lines(`
log
logarithm
log_linear
`);

export const LINEAR = lines(`
linear
logistic
ridge
regularised
`);

export const KERNEL = lines(`
kernel
support vector
svm
svc
svr
`);

export const FOREST = lines(`
forest
`);

export const EXTRA_TREES = lines(`
extra
extremely randomised
extremely randomized
trees
`);

export const BOOSTING = lines(`
boosting
boosted
lightgbm
gbm
xgboost
`);

export const NETWORK = lines(`
neural
network
`);
