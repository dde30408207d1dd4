"""`rekindle bench`: runs the benchmarks that lie beside the package in the repository. They print; they judge nothing."""

from __future__ import annotations

import subprocess
import sys

from pwa.settings import ROOT


def run_bench(name: str, *arguments: str) -> int:
    """Its exit status."""
    if not (ROOT / "bench" / name).is_dir():
        sys.exit(
            f"rekindle: bench/{name} is not here: benchmarks belong to the repository and not to the installed package. "
            "Run this from a checkout of it, after `make test` has installed what they need."
        )
    return subprocess.call([sys.executable, "-m", f"bench.{name}", *arguments], cwd=ROOT)  # noqa: S603 ourselves
