/** Words of orders about the model to train, and about how much is to be done. */

import { lines } from './lines.ts';

/** They stand before a model that is wanted. */
export const TAKING = lines(`
use
using
try
train
fit
take
choose
pick
want
prefer
rather
go with
switch to
change to
make it
have
need
but
by
with
`);

/** They stand before a model that is not wanted. */
export const REFUSING = lines(`
no
not
never
without
avoid
exclude
drop
skip
remove
except
dont use
do not use
dont want
do not want
dont train
do not train
dont try
do not try
anything but
instead of
rather than
`);

/** They may stand around a model's name when nothing else is said. */
export const AROUND = lines(`
a
an
the
model
models
please
instead
gradient
random
regression
machine
machines
just
only
learner
classifier
algorithm
plain
regularised
trees
vector
support
of
than
not
no
rather
but
or
and
single
simple
`);

export const LOG_LINEAR = lines(`
log linear
log linear model
linear model of the logarithm
`);

export const LINEAR = lines(`
linear
linear model
linear models
linear regression
logistic
logistic regression
regularised linear model
ridge
ridge regression
`);

export const KERNEL = lines(`
svm
svms
svc
svr
support vector machine
support vector machines
kernel machine
kernel
`);

export const FOREST = lines(`
forest
forests
random forest
random forests
`);

export const EXTRA_TREES = lines(`
extra trees
extremely randomised trees
extremely randomized trees
`);

export const BOOSTING = lines(`
boosting
gradient boosting
gradient boosted trees
boosted trees
lightgbm
xgboost
gbm
hist gradient boosting
`);

/** Models that are not compared here. */
export const ELSEWHERE = lines(`
decision tree
decision trees
neural network
neural networks
neural net
perceptron
single tree
naive bayes
nearest neighbours
nearest neighbors
knn
deep learning
transformer
catboost
gaussian process
lasso
`);

export const SIMPLER = lines(`
simpler
simple
simplest
simplify
interpretable
explainable
less complex
less complicated
`);

export const FASTER = lines(`
faster
quicker
fast
quick
quickly
hurry
hurry up
speed up
speed it up
less time
`);

export const MORE_CAREFUL = lines(`
more careful
more carefully
careful
carefully
more thorough
thorough
thoroughly
try harder
take your time
more time
more effort
more precise
slower
`);

/** Words that may stand in such a request. */
export const AROUND_EFFORT = lines(`
be
make
it
do
keep
work
go
a
the
model
more
much
bit
little
please
i
want
would
like
something
and
can
you
could
take
your
time
try
harder
up
to
in
this
everything
even
with
me
us
give
need
prefer
we
should
stay
lot
than
that
train
training
use
one
let
lets
s
d
ok
now
just
as
so
must
has
`);

/** They join models of a list. */
export const LISTING = lines(`
,
or
and
nor
a
an
the
any
`);
