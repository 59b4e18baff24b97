import warnings

from threadpoolctl import threadpool_limits

# Folds of small classes and unconverged fits are told by the scores; as warnings they would bury the output.
warnings.simplefilter('ignore')
# Small matrices are slower on several BLAS threads than on one, much slower on a busy machine.
threadpool_limits(limits=1)
