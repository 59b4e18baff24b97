/** Words of orders about how columns become features. */

import { lines } from './lines.ts';

/** A way to make features, a colon, and the words that order it. */
export const WAYS = lines(`
log: log
log: logs
log: logged
log: logarithm
log: logarithms
log: log transform
log: log transformed
log: log transformation
log: log scale
log: logarithmic scale
means: target encoding
means: target encode
means: target encoded
means: target-encode
means: target-encoded
means: mean encoding
means: mean encode
means: mean of the target
means: means of the target
means: mean target
means: target mean
means: target means
labels: one hot
labels: one-hot
labels: onehot
labels: one hot encode
labels: one-hot encode
labels: one hot encoded
labels: one-hot encoded
labels: one hot encoding
labels: one-hot encoding
labels: one hot encod
labels: onehot encode
labels: dummies
labels: dummy variables
labels: dummy coding
labels: dummy encode
labels: one column per label
labels: a column per label
labels: a feature per label
words: word counts
words: bag of words
words: tf idf
words: tf-idf
words: tfidf
words: words
elapsed: time since
elapsed: elapsed time
elapsed: time elapsed
elapsed: elapsed
elapsed: time passed
elapsed: time that has passed
parts: date parts
parts: calendar parts
parts: calendar features
parts: year and month
parts: year month and day
parts: year, month and day
parts: year, month, day
parts: year, month and weekday
parts: month and weekday
parts: month and day
parts: day and month
number: plain number
number: raw number
number: raw numbers
number: untransformed
number: no transformation
`);

/** They name what is to be predicted, not how it becomes features. */
export const FORETELLING = lines(`
predict*
forecast*
`);

/** Behind "log" they name something else. */
export const NO_LOGARITHM = lines(`
loss
losses
likelihood
linear
odds
in
out
`);

/** The way that is meant where another one is denied. */
export const OTHER_WAY = lines(`
log number
means labels
words labels
elapsed parts
parts elapsed
`);

/** All columns of text at once. */
export const TEXT_COLUMNS = lines(`
text features
text feature
text columns
text fields
text variables
free text
free texts
free text columns
features from text
features of text
`);
