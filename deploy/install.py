"""Makes a machine ready: `python3 deploy/install.py run|test|browsers|lock`. The standard library only.

`run` and `test` bring .venv to their lock, by hash; a lock that is in already costs nothing.
`browsers` fetches the programs that tests drive. `lock` writes the locks anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / "rekindle-locks"
BUILD = ROOT / "deploy" / "requirements-build.txt"
RUN = ROOT / "deploy" / "requirements.txt"
SCALE = ROOT / "deploy" / "requirements-scale.txt"
TEST = ROOT / "deploy" / "requirements-test.txt"
OLDEST = (3, 11)


def main(task: str) -> None:
    tasks = {"run": install_run, "test": install_test, "browsers": install_programs, "lock": lock}
    if task not in tasks:
        sys.exit(f"Say one of: {', '.join(tasks)}")
    tasks[task]()


# --- .venv -----------------------------------------------------------------------------------------------------


def install_run() -> None:
    url = os.environ.get("REKINDLE_DATABASE_URL", "") + os.environ.get("REKINDLE_QUEUE_URL", "")
    install(SCALE if "postgres" in url or "redis" in url else RUN)


def install_test() -> None:
    install(TEST)


def install(lock_file: Path) -> None:
    """Brings .venv to a lock. The test lock holds the others at the same versions, so it stands for them too."""
    remembered = STAMP.read_text().split() if STAMP.exists() else []
    if fingerprint(lock_file) in remembered:
        return
    make_venv()
    print(f"Installing {lock_file.relative_to(ROOT)} into .venv …", flush=True)
    STAMP.unlink(missing_ok=True)
    pip("--require-hashes", "-r", str(BUILD))
    # No isolation: what has to be built is built with the setuptools just checked, not with a newer one from outside.
    pip("--require-hashes", "--no-build-isolation", "--use-pep517", "-r", str(lock_file))
    pip("--no-deps", "--no-index", "--no-build-isolation", "--use-pep517", "--editable", str(ROOT))
    stands_for = {TEST: [RUN, SCALE, TEST], SCALE: [RUN, SCALE]}.get(lock_file, [RUN])
    STAMP.write_text("\n".join(fingerprint(file) for file in stands_for) + "\n")


def fingerprint(lock_file: Path) -> str:
    """Changes with the lock, the project's own metadata, the Python and the folder."""
    parts = [lock_file.read_bytes(), BUILD.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    return f"{lock_file.name}:{hashlib.sha256(b''.join(parts)).hexdigest()}"


def make_venv() -> None:
    if (BIN / "python").exists() or (BIN / "python.exe").exists():
        return
    print("Making .venv …", flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("This Python cannot make a virtual environment. On Debian: apt-get install python3-venv")


def pip(*arguments: str) -> None:
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    run(str(BIN / "python"), "-m", "pip", "install", *quiet, *arguments)


# --- What the tests drive --------------------------------------------------------------------------------------


def install_programs() -> None:
    missing = missing_packages()
    if missing and shutil.which("apt-get") and apt_install(missing):
        missing = missing_packages()
    browsers = [name for name in ("chromium", "firefox") if any(name in package for package in missing)]
    if browsers:
        run(str(BIN / "playwright"), "install", *browsers)


def missing_packages() -> list[str]:
    """Debian's names of what is not on this machine."""
    wanted = {
        "chromium": find("chromium", "chromium-browser", "google-chrome"),
        "firefox-esr": find("firefox-esr", "firefox"),
        "postgresql": find("postgres") or any(Path("/usr/lib/postgresql").glob("*/bin/postgres")),
        "redis-server": find("redis-server"),
        "dbus": find("dbus-daemon"),
        "procps": find("ps"),
        "libatomic1": loads("libatomic.so.1"),  # Playwright's own node stands on it
        "git": find("git"),
    }
    return [package for package, found in wanted.items() if not found]


def find(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def apt_install(packages: list[str]) -> bool:
    root = [] if os.geteuid() == 0 else ["sudo"]
    print(f"Installing {', '.join(packages)} …", flush=True)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    commands = (["apt-get", "update", "-q"], ["apt-get", "install", "-qy", "--no-install-recommends", *packages])
    return all(subprocess.call(root + command, stdin=subprocess.DEVNULL) == 0 for command in commands)


# --- The locks -------------------------------------------------------------------------------------------------


def lock() -> None:
    """Resolves for every platform and every Python we run on. Later locks keep to the earlier ones' versions."""
    project = "pyproject.toml"
    compile_lock(BUILD, "--group", "build")
    compile_lock(RUN, project, "--group", "build", "-c", str(BUILD))
    extras = ("--extra", "postgresql", "--extra", "redis")
    compile_lock(SCALE, project, "--group", "build", *extras, "-c", str(RUN))
    compile_lock(TEST, project, "--group", "build", "--group", "test", *extras, "-c", str(SCALE))


def compile_lock(target: Path, *arguments: str) -> None:
    oldest = ".".join(map(str, OLDEST))
    options = [
        "--universal",
        "--generate-hashes",
        "--python-version",
        oldest,
        "--no-annotate",
        "--no-header",
        "--quiet",
    ]
    run(str(BIN / "uv"), "pip", "compile", *arguments, *options, "--upgrade", "-o", str(target))
    requirements = re.sub(r"^#.*\n", "", target.read_text(), flags=re.MULTILINE)
    target.write_text("# Made by `make lock` from pyproject.toml; not written by hand.\n" + requirements)


def run(*command: str) -> None:
    status = subprocess.call(command, cwd=ROOT, stdin=subprocess.DEVNULL)
    if status:
        sys.exit(f"`{' '.join(command[:4])} …` ended with status {status}.")


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        has, needs = sys.version.split()[0], ".".join(map(str, OLDEST))
        sys.exit(f"Rekindle needs Python {needs} or newer; this is {has}. Name another: make run PYTHON=python{needs}")
    main(sys.argv[1] if len(sys.argv) > 1 else "")
