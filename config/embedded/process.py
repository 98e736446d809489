"""Child processes that cannot outlive their parent, not even when it is killed with SIGKILL."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
SERVER_USER = 1000

LINUX = sys.platform == "linux"
# Looked up now: nothing may be loaded between fork and exec.
LIBC = ctypes.CDLL(None, use_errno=True)


def bind_to_parent(death_signal: int, parent: int | None = None) -> None:
    """Have the kernel send `death_signal` to this process when its parent ends."""
    if not LINUX:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))
    if parent is not None and os.getppid() != parent:
        os._exit(1)  # The parent ended before we could ask.


def bound_to_parent(death_signal: int, before: Callable[[], None] | None = None) -> Callable[[], None]:
    """Return what Popen has to call in the child, after `before`, which may change its user."""
    parent = os.getpid()

    def bind() -> None:
        if before:
            before()
        bind_to_parent(death_signal, parent)

    return bind


def enter_user_namespace() -> None:
    """Go on as an ordinary user who owns what root owns."""
    user, group = os.geteuid(), os.getegid()
    if LIBC.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{SERVER_USER} {group} 1", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{SERVER_USER} {user} 1", encoding="ascii")


def user_namespaces_work() -> bool:
    if not LINUX:
        return False
    try:
        # `true` is enough to see whether the child gets through to its program.
        subprocess.run(["true"], preexec_fn=enter_user_namespace, check=True, timeout=10)  # noqa: S607
    except (OSError, subprocess.SubprocessError):
        return False
    return True


class Identity:
    """As whom a server runs that refuses to run as root."""

    def __init__(self) -> None:
        is_root = os.geteuid() == 0
        self.in_namespace = is_root and user_namespaces_work()
        self.user = pwd.getpwnam("nobody") if is_root and not self.in_namespace else None

    def own(self, folder: Path) -> None:
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def popen(
        self,
        command: Sequence[str],
        *,
        death_signal: int,
        log: Path,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        before = enter_user_namespace if self.in_namespace else None
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for us alone; we stop the children in their order.
                start_new_session=True,
                preexec_fn=bound_to_parent(death_signal, before),
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
            )


def stop(process: subprocess.Popen[bytes], how: int = signal.SIGTERM, *, patience: float = 10) -> None:
    """Ask a process to end, and end it when it does not."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
