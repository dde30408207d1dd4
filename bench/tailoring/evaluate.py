"""`make eval`: the command's answers to the development cases, scored, and how fresh the list is from week to week."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean, quantiles

from pwa.cli import tailoring

HERE = Path(__file__).resolve().parent
CASES, SCORER = HERE / "dev.jsonl", HERE / "score_tailoring.py"
FIRST_MONDAY, WEEKS, PLACES = date(2026, 3, 2), 8, 5


def main() -> None:
    cases = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        for name, confirmed in (("text alone", False), ("chips and limits confirmed", True)):
            print(f"— {name}", flush=True)
            score(cases, Path(folder), confirmed=confirmed)
    freshness(cases)


def score(cases: list[dict], folder: Path, *, confirmed: bool) -> None:
    answers, catalogue = folder / "answers.jsonl", folder / "catalogue.json"
    catalogue.write_text(json.dumps(tailoring.catalogue()), "utf-8")
    answers.write_text("".join(json.dumps(answered(case, confirmed)) + "\n" for case in cases), "utf-8")
    subprocess.run([sys.executable, str(SCORER), str(CASES), str(answers), str(catalogue), "--show"], check=True)


def answered(case: dict, confirmed: bool) -> dict:
    row = {"text": case["text"], "chips": case["chips"], "on": str(FIRST_MONDAY)}
    if confirmed:
        row |= {"chips": case["expect"], "limits": case["constraints"]}
    told = tailoring.answer(tailoring.read(row), FIRST_MONDAY, PLACES)
    found = told["understood"]
    ideas = [idea["id"] for idea in told["ideas"]]
    return {"id": case["id"], "interests": found["interests"], "constraints": found["limits"], "ideas": ideas}


def freshness(cases: list[dict]) -> None:
    overlaps, distinct, times = [], [], []
    for case in cases:
        weeks = []
        for week in range(WEEKS):
            row = {"text": case["text"], "chips": case["chips"], "on": str(FIRST_MONDAY + timedelta(weeks=week))}
            began = time.perf_counter()
            told = tailoring.answer(tailoring.read(row), FIRST_MONDAY, PLACES)
            times.append(1000 * (time.perf_counter() - began))
            weeks.append({idea["id"] for idea in told["ideas"]})
        overlaps += [len(one & other) / max(1, len(other)) for one, other in pairwise(weeks)]
        distinct.append(len(set.union(*weeks)))
    print(f"— week to week: overlap {mean(overlaps):.3f}, distinct in {WEEKS} weeks {mean(distinct):.1f}")
    print(f"— understanding and ranking: p95 {quantiles(times, n=20)[-1]:.1f} ms over {len(times)} answers")


if __name__ == "__main__":
    main()
