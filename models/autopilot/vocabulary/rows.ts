/** Words of questions about rows beside those that say what is asked. */

import { lines } from './lines.ts';

/** What rows may be called. */
export const ROW_NOUNS = lines(`
row
rows
record
records
entry
entries
case
cases
sample
samples
example
examples
observation
observations
item
items
people
person
persons
passenger
passengers
customer
customers
client
clients
user
users
patient
patients
student
students
employee
employees
animal
animals
bird
birds
penguin
penguins
flower
flowers
house
houses
home
homes
car
cars
product
products
order
orders
transaction
transactions
player
players
`);

/** They may stand in a question about rows and limit nothing. */
export const PLAIN = lines(`
live
lives
lived
living
board
aboard
weigh
weighs
weighed
exist
exists
named
called
come
comes
came
belong
belongs
stand
stands
occur
occurs
appear
appears
me
tell
show
give
count
number
rate
ratio
chance
overall
together
altogether
total
column
columns
feature
field
typical
typically
usual
usually
mean
years
year
old
often
frequently
commonly
common
big
large
high
low
long
short
small
much
many
look
like
measured
recorded
observed
taken
those
dummy
baseline
guess
guessing
sure
certain
confident
didnt
doesnt
isnt
arent
wasnt
werent
worth
happen
happens
happened
work
works
see
know
want
would
could
can
you
please
i
we
us
every
group
groups
kind
kinds
type
types
exactly
roughly
about
around
approximately
currently
so
far
actually
really
just
only
then
now
here
hi
hello
ok
thanks
and
also
travelled
correlation
correlated
correlate
traveled
`);

/** Words that mean the same value. */
export const SAME_VALUES = lines(`
female females woman women girl girls lady ladies f w
male males man men boy boys gentleman gentlemen m
yes true y
no false n
monday mon
tuesday tue tues
wednesday wed
thursday thu thur thurs
friday fri
saturday sat
sunday sun
european europe
japanese japan
american usa us america
german germany
french france
british uk britain
`);

/** A word, and the column whose opposite it says. */
export const OPPOSITES = lines(`
died survived
dead survived
perished survived
drowned survived
dead alive
stayed churned
lost won
passed failed
`);

/** What stands for yes in a column of two values. */
export const POSITIVE = lines(`
1
1.0
yes
true
y
t
`);

/** Endings by which words of one stem differ. */
export const ENDINGS = lines(`
ors
or
als
al
ed
ing
ers
er
es
e
s
d
`);

/** What is left of a word that was drawn into the one before it. */
export const DRAWN_IN = lines(`
s
d
m
ll
re
ve
`);

/** Before a column: its value. */
export const ORDINALS = lines(`
first 1
second 2
third 3
fourth 4
fifth 5
1st 1
2nd 2
3rd 3
`);
