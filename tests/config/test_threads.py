"""A web server's thread has a small stack; what it computes must fit."""

import os
import subprocess
import sys
import textwrap

from config.embedded.places import ROOT

# Tests compute in one thread themselves, and what they start inherits it.
UNTOLD = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}


def test_a_large_inverse_does_not_end_a_web_process():
    """One megabyte holds the inverse in one thread; in parallel OpenBLAS needs more."""
    script = """
        import threading
        from config.wsgi import application
        import numpy as np
        from scipy import linalg

        found = []
        threading.stack_size(1024 * 1024)
        matrix = np.random.default_rng(0).random((200, 200)) + np.eye(200) * 200
        thread = threading.Thread(target=lambda: found.append(linalg.inv(matrix) @ matrix))
        thread.start()
        thread.join()
        assert np.allclose(found[0], np.eye(200))
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        env=UNTOLD,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_a_command_computes_in_one_thread_unless_it_is_told_otherwise():
    """Two threads that wait for each other beside other work made one scoring nine times slower."""
    script = "import os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    told = []
    for environment in ({}, {"OPENBLAS_NUM_THREADS": "3"}):
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", script]
        run = subprocess.run(
            command, cwd=ROOT, env={**UNTOLD, **environment}, capture_output=True, text=True, check=True
        )
        told.append(run.stdout.strip())
    assert told == ["1", "3"]
