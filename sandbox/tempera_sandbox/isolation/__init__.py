"""What keeps an execution from harming the host, in one call: `spawn`.

    zygote (single thread, big)             outside, host identity
      └─ init      pid 1 of a new PID namespace; builds the tree, drops rights, reaps, reports
           └─ user pid 2; `spawn` returns `Inside` here and only here runs foreign code

Invariants
1. `spawn` returns twice: `Spawned` in the caller, `Inside` in the user process. init never returns.
2. The user process runs no foreign code before every layer that the policy asks for is held; a layer that
   fails ends init with a `failed` report and the user process never exists.
3. init dies => the kernel kills everything in the namespace. init dies when the caller (the zygote) dies
   (PR_SET_PDEATHSIG: so the zygote must itself die with the host) or on `kill(pidfd)`.
4. The end of the user process ends init: nothing it left running survives it.
5. Only the descriptors 0, 1, 2 and `keep` survive in init and user.
6. `interrupt(pidfd)` (SIGINT to init) reaches the user's whole process group, like ^C. It is held back in the user
   process until `accept_interrupts()`: before that it would unwind into the caller's own frames.

Python objects of the caller whose descriptors are not kept are stale in the user process: `detach()` sockets there,
else their collection closes somebody else's descriptor.

Reports are JSON lines on `Spawned.report_fd` (a pipe; end of file without an `exited` or `failed` line means
that init itself was killed, by `kill`, by the kernel's out-of-memory killer or by the death of the zygote):
    {"event": "started", "layers": ["mount", ...], "ms": 3.1}
    {"event": "failed", "layer": "landlock", "errno": 1, "message": "..."}
    {"event": "exited", "wait_status": 11, "code": null, "signal": 11, "user_s": .., "system_s": ..,
     "peak_rss_bytes": ..}
`wait_status` is what waitpid said of the user process; `code` or `signal` is its reading. init's own exit code is
`code`, or 128 + signal, so a caller that only reaps sees 139, 134, 137 as well.

The caller must reap `Spawned.pid` (waitpid, it is a plain child) and close the two descriptors. Any other process
that got them over SCM_RIGHTS may poll `pidfd` (readable: everything in the namespace is gone) and read the report.

`spawn.py` forks; `init.py` puts the layers together: `identity.py`, `tree.py` (mounts), `rights.py`, `landlock.py`,
`seccomp.py`, `cgroups.py`, over `system_calls.py`. `probe.py` asks what this machine gives, by the `attempts.py` of
its `probe_process.py`; `doctor.py` prints it, `state.py` holds it for the host. `processes.py`, `memory.py`,
`stillness.py`: a namespace seen and stopped from outside. `environment.py`: an execution's variables; `model.py`: the
package's words.
"""

from .cgroups import Group, GroupLimits, cgroup_level, create_group, hasten_joins, remove_leftover_groups
from .environment import apply_environment, clean_environment
from .identity import hand_over, lease_uid
from .init import accept_interrupts
from .memory import MemoryUse, compact_memory, memory_of, reserve_memory
from .model import Confinement, ConfinementError, Inside, Layer, Limits, Policy, Spawned
from .probe import agent_code_allowed, given_layers, missing_layers, probe
from .processes import processes_of
from .spawn import interrupt, kill, spawn

__all__ = [
    'Confinement',
    'ConfinementError',
    'Group',
    'GroupLimits',
    'Inside',
    'Layer',
    'Limits',
    'MemoryUse',
    'Policy',
    'Spawned',
    'accept_interrupts',
    'agent_code_allowed',
    'apply_environment',
    'cgroup_level',
    'clean_environment',
    'compact_memory',
    'create_group',
    'given_layers',
    'hand_over',
    'hasten_joins',
    'interrupt',
    'kill',
    'lease_uid',
    'memory_of',
    'missing_layers',
    'probe',
    'processes_of',
    'remove_leftover_groups',
    'reserve_memory',
    'spawn',
]
