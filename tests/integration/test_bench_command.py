"""`rekindle bench`: what it runs measures for real; these tests look only whether it runs, on a small table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pwa.cli import benching
from tests.support.house import ROOT


def test_claims_are_measured_on_the_real_schema(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.claims", "--json", "--on", "sqlite", "--rounds", "1"]
    told = subprocess.run(
        [*command, "--rows", "6000", "--rows", "12000", "--folder", tmp_path], cwd=ROOT, capture_output=True
    )
    assert told.returncode == 0, told.stderr.decode()
    rows = json.loads(told.stdout)
    assert [(row["scene"], row["rows"]) for row in rows] == [
        ("ahead", 6_000), ("ahead", 12_000), ("behind", 6_000), ("behind", 12_000)
    ]  # fmt: skip
    assert all(row["claim_ms"] > 0 and row["settle_ms"] > 0 and row["per_second"] > 0 for row in rows)
    assert [row["ratio"] for row in rows if row["rows"] == 6_000] == [1, 1]
    assert list(tmp_path.iterdir()) == [], "what was written is gone"


def test_where_the_benchmarks_are_not_it_says_where_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(benching, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="belong to the repository"):
        benching.run_bench("claims")
