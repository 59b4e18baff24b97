/** What a person may want to be asked about; a star stands for any ending. */

import { lines } from './lines.ts';

export const TARGET = lines(`
target
targets
predict*
outcome
`);

export const METRIC = lines(`
metric
metrics
measure
measures
score
scores
scoring
criterion
criteria
judg*
evaluat*
optimis*
optimiz*
`);

export const ROWS = lines(`
split*
clean*
imput*
encod*
row
rows
duplicate
duplicates
missing
gap
gaps
outlier
outliers
`);

export const DROP = lines(`
drop*
remov*
leav*
left
exclud*
omit*
ignor*
`);

export const COLUMNS = lines(`
column
columns
feature
features
variable
variables
field
fields
`);

export const MODEL = lines(`
model
models
algorithm
algorithms
estimator
estimators
learner
learners
classifier
classifiers
regressor
regressors
candidate
candidates
`);

export const CHOICE = lines(`
which
what
choice
choos*
pick*
select*
decid*
about
`);

export const END = lines(`
finish*
end
ends
ending
complet*
clos*
conclud*
hand over
handing over
next stage
`);

export const EDA = lines(`
eda
explor*
report
reports
`);

export const PREP = lines(`
prep*
`);

export const TRAIN = lines(`
train*
fit*
tun*
test*
`);
