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

/** They ask what stands first in dates. */
export const ABOUT_DATES = lines(`
day first
month first
date order
order of dates
date format
format of the dates
dates read
dates be read
read the dates
american dates
european dates
dd/mm
mm/dd
`);

/** They ask what a mark in numbers means. */
export const ABOUT_MARKS = lines(`
decimal mark
decimal comma
decimal point
decimal separator
thousands separator
thousand separator
comma
commas
`);

/** They ask how columns become features. */
export const ABOUT_FEATURES = lines(`
encoded
encode
encoding
one-hot
logarithm
log of
transformed
`);

/** They ask what stands for no value. */
export const ABOUT_MISSING = lines(`
as missing
be missing
mean missing
means missing
count as missing
counts as missing
counted as missing
stand for missing
stands for missing
missing code
missing codes
missing token
missing tokens
coded as missing
stands for no value
stand for no value
`);

/** They ask for a number of rows. */
export const HOW_MANY = lines(`
how many
how much
how often
number of
share of
`);
