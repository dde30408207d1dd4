"""What `make test` fetches on a machine that lacks it. The package managers here are scripts that note what they are told."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import ROOT

PLAYWRIGHT = '#!/bin/sh\necho "playwright $*" >> "{told}"\n'
APT = """#!/bin/sh
echo "apt-get $*" >> "{told}"
for package in "$@"; do case "$package" in
  chromium | firefox-esr | git | redis-server) printf '#!/bin/sh\\n' > "{bin}/$package" ;;
  dbus) printf '#!/bin/sh\\n' > "{bin}/dbus-daemon" ;;
  procps) printf '#!/bin/sh\\n' > "{bin}/ps" ;;
esac; done
chmod +x {bin}/*
"""


class Bare:
    """A machine with a Python and nothing else on its path."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin, self.told = folder / "rekindle", folder / "bin", folder / "told"
        (self.root / "deploy").mkdir(parents=True)
        (self.root / ".venv" / "bin").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / "deploy" / "install.py", self.root / "deploy")
        self.script(self.root / ".venv" / "bin" / "playwright", PLAYWRIGHT)
        for needed in ("sh", "chmod"):
            (self.bin / needed).symlink_to(str(shutil.which(needed)))

    def script(self, path: Path, text: str) -> None:
        path.write_text(text.format(told=self.told, bin=self.bin))
        path.chmod(0o755)

    def install_browsers(self) -> list[str]:
        command = [sys.executable, str(self.root / "deploy" / "install.py"), "browsers"]
        done = subprocess.run(command, env={"PATH": str(self.bin)}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return self.told.read_text().splitlines() if self.told.exists() else []


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    return Bare(tmp_path)


def test_debian_gives_its_own_browsers(bare: Bare) -> None:
    bare.script(bare.bin / "apt-get", APT)
    bare.script(bare.bin / "sudo", '#!/bin/sh\nexec "$@"\n')
    update, install = bare.install_browsers()
    assert update.startswith("apt-get update")
    assert {"chromium", "firefox-esr", "dbus", "procps", "redis-server", "--no-install-recommends"} <= set(
        install.split()
    )


def test_what_is_there_is_not_fetched_again(bare: Bare) -> None:
    bare.script(bare.bin / "apt-get", APT)
    bare.script(bare.bin / "sudo", '#!/bin/sh\nexec "$@"\n')
    bare.install_browsers()
    assert len(bare.install_browsers()) == 2


def test_elsewhere_playwright_gives_its_own(bare: Bare) -> None:
    assert bare.install_browsers() == ["playwright install chromium firefox"]


def test_where_apt_has_no_such_browser_playwright_gives_its_own(bare: Bare) -> None:
    bare.script(bare.bin / "apt-get", "#!/bin/sh\nexit 100\n")
    bare.script(bare.bin / "sudo", '#!/bin/sh\nexec "$@"\n')
    assert bare.install_browsers() == ["playwright install chromium firefox"]


@pytest.mark.parametrize("task", ["", "everything"])
def test_an_unknown_task_is_refused_with_a_sentence(task: str) -> None:
    done = subprocess.run([sys.executable, ROOT / "deploy" / "install.py", task], capture_output=True, text=True)
    assert done.returncode != 0
    assert "run, test, browsers, lock" in done.stderr
