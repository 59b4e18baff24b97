"""Living kernels: processes that run cell after cell. `table.py` knows all of the host's, `kernel.py` is one of them.

What runs inside one is `children/kernel_child.py`. The agents' loop uses none: they are for other callers of the host.
"""
