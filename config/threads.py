"""How a web process computes: each request in its own thread, and no threads within."""

import os


def one_thread_for_algebra() -> None:
    """
    Have OpenBLAS use one thread in this process, unless the environment says otherwise.

    Call it before NumPy is loaded. Inverting a matrix in parallel, OpenBLAS takes half a megabyte of
    stack for each step of its recursion; a web server's threads have two in all, and the process would
    end at once, with every connection that it held.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
