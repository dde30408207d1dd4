"""`make eval`: the coach's answers to the development cases: what it finds, whom it nags, and whether its own words are kind."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import quantiles

from pwa import content
from pwa.domain.tone import Flag, replaced, review

CASES = Path(__file__).resolve().parent / "dev.jsonl"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CASES
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    content.tone()
    times, found, nagged, wordings, kind_wordings = [], [], [], 0, 0
    for case in cases:
        began = time.perf_counter()
        flags = review(case["text"], content.tone())
        times.append(1000 * (time.perf_counter() - began))
        wordings += len(flags)
        kind_wordings += sum(not review(flag.kinder, content.tone()) for flag in flags)
        kind_wordings -= bool(review(replaced(case["text"], flags), content.tone()))
        (found if case["flags"] else nagged).append(is_found(case, flags) if case["flags"] else bool(flags))
        if (case["flags"] and not found[-1]) or (not case["flags"] and flags):
            print(
                f"  {case['id']} {case['flags']} {case['text']!r}: {[(flag.category, flag.phrase) for flag in flags]}"
            )
    print(
        f"— faulty drafts with a right flag on the span: {sum(found)} of {len(found)}, {share(sum(found), len(found))}"
    )
    print(f"— kind drafts with any flag: {sum(nagged)} of {len(nagged)}, {share(sum(nagged), len(nagged))}")
    print(f"— kinder wordings that pass, alone and in place: {kind_wordings} of {wordings}")
    print(f"— time of a draft: p95 {quantiles(times, n=20)[-1]:.2f} ms over {len(times)} drafts")


def is_found(case: dict, flags: tuple[Flag, ...]) -> bool:
    span = case["span"]
    start = case["text"].find(span) if isinstance(span, str) else span[0]
    end = start + len(span) if isinstance(span, str) else span[1]
    return any(
        {flag.category, *flag.also} & set(case["flags"]) and flag.start < end and start < flag.end for flag in flags
    )


def share(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.1%}"


if __name__ == "__main__":
    main()
