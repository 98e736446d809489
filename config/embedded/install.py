"""
Install the pinned packages into .venv, with the standard library only.

Run as a file, before anything is installed: `python config/embedded/install.py run|test`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STATE = Path(os.environ.get("STATE_DIR") or ROOT / "var")
MARKER = VENV / "installed.txt"
UV = VENV / "installer" / "bin" / "uv"
INSTALLER_LOCK = ROOT / "config" / "installer.lock"
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "tests" / "requirements.lock"}
# The packages of the tests include those of the application.
GOOD_FOR = {"run": ("run", "test"), "test": ("test",)}


class InstallError(Exception):
    """Says in one line what is wrong and what to do about it."""


def main(kind: str) -> None:
    check_writable(STATE)
    if is_installed(kind):
        return
    check_writable(VENV)
    with (STATE / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_installed(kind):
            install(kind)


def check_writable(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InstallError(
            f"cannot write to {folder} ({error.strerror}). "
            "Copy the project to a folder of yours, or make this one writable."
        ) from error


def is_installed(kind: str) -> bool:
    wanted = {fingerprint(good) for good in GOOD_FOR[kind]}
    return (VENV / "bin" / "python").exists() and installed_text() in wanted


def installed_text() -> str:
    try:
        return MARKER.read_text(encoding="ascii")
    except OSError:
        return ""


def fingerprint(kind: str) -> str:
    locks = INSTALLER_LOCK.read_bytes() + LOCKS[kind].read_bytes()
    return f"{kind} {hashlib.sha256(locks).hexdigest()}\n"


def install(kind: str) -> None:
    if installed_text().startswith("test"):
        kind = "test"  # Who has the tests' packages keeps them.
    lock = LOCKS[kind]
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    # Standard output is the command's own, which a program may read.
    print(f"Installing {count} pinned packages (only when they change) ...", file=sys.stderr, flush=True)
    MARKER.unlink(missing_ok=True)
    if not UV.exists():
        make_venv()
        install_uv()
    python = str(VENV / "bin" / "python")
    options = ["--python", python, "--require-hashes", "--compile-bytecode", "--quiet"]
    call([str(UV), "pip", "sync", *options, str(lock)], "the packages could not be installed")
    MARKER.write_text(fingerprint(kind), encoding="ascii")


def make_venv() -> None:
    result = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if result.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    raise InstallError(
        f"Python's venv module does not work here ({last_line(result)}). "
        "Install it (Debian and Ubuntu: apt-get install python3-venv), or name another Python: PYTHON=..."
    )


def install_uv() -> None:
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    target = ["--target", str(UV.parent.parent), "-r", str(INSTALLER_LOCK)]
    call([*command, "--disable-pip-version-check", *target], "the installer could not be fetched")


def call(command: list[str], complaint: str) -> None:
    result = run(command)
    if result.returncode != 0:
        raise InstallError(
            f"{complaint} ({last_line(result)}). "
            "Is there a network? Check it, or name a mirror in PIP_INDEX_URL, and start again."
        )


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"}
    env.setdefault("UV_HTTP_TIMEOUT", "60")
    env.setdefault("PIP_DEFAULT_TIMEOUT", "30")
    if mirror := env.get("PIP_INDEX_URL"):
        env.setdefault("UV_DEFAULT_INDEX", mirror)
    if not os.access(Path.home(), os.W_OK):
        env.setdefault("UV_CACHE_DIR", str(STATE / "cache"))
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def last_line(result: subprocess.CompletedProcess[str]) -> str:
    """Return the last line of the complaint, which is where tools say what really happened."""
    lines = [line.strip() for line in (result.stdout + result.stderr).splitlines() if line.strip()]
    return lines[-1][:200] if lines else f"exit status {result.returncode}"


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except InstallError as error:
        sys.exit(f"run: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
