"""One script or cell after another: taken in, queued, run, recorded, kept until it is acknowledged.

`table.py`: the table of all of them, with names and readers; `admission.py`: who is taken in; `queue.py`: who is next;
`fences.py`: epochs of steps; `execution.py`: one execution; `cpu_watch.py`: its CPU time; `outcome.py`: from its end to
its Exit.
`capture.py`, `logged.py`: what it printed and logged, checked; `spool.py`: the records of one on disk, `spools.py`: the
folder of them. `slots.py`, `gpus.py`, `nvml.py`: what it runs on, as leases.
"""
