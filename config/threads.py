"""How a process computes: in the threads that it has, and none within."""

import os


def one_thread_for_algebra() -> None:
    """
    Have OpenBLAS use one thread in this process, unless the environment says otherwise.

    Call it before NumPy is loaded. Beside other work, threads that wait for each other in turn make a
    command many times slower. Inverting a matrix in parallel, OpenBLAS takes half a megabyte of
    stack for each step of its recursion; a web server's threads have two in all, and the process would
    end at once, with every connection that it held.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
