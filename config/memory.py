"""How much memory a pool process may take: what needs more is refused it, and fails as that task alone."""

import os
import resource

# Arrow's own allocator claims a gigabyte at once, used or not, which would count as ours. This is read
# when Arrow is first loaded.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


def bound_data(megabytes: int) -> None:
    """
    Let this process, and what it starts, have so much data at most; beyond that Python raises MemoryError.

    Without it the machine runs out, and the kernel ends whichever process it likes.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = megabytes << 20
    within = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (within, hard))
