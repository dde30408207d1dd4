"""`make eval`: the command's readings of the development replies, scored. Give a file to score another set."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pwa.cli import replying

CASES = Path(__file__).resolve().parent / "dev.jsonl"


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CASES
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    read = [(case, replying.answer(case["text"], case.get("options", []))) for case in cases]
    right = sum(is_right(case, found) for case, found in read)
    stops = [(case, found) for case, found in read if case["reading"] == "stop"]
    kind = [(case, found) for case, found in read if case["reading"] != "stop"]
    safe = sum(found["reading"] == "stop" or not found["sure"] for _, found in stops)
    bound = sum(found["reading"] == "stop" and found["sure"] for _, found in kind)
    print(f"— replies: {right}/{len(read)} right; stops read or asked about {safe}/{len(stops)}")
    print(f"— kind replies read as a sure stop: {bound}/{len(kind)}")


def is_right(case: dict, found: dict) -> bool:
    if case["reading"] == "yes":
        return (found["reading"], found["option"]) == ("yes", case.get("option"))
    return found["reading"] == case["reading"]


if __name__ == "__main__":
    main()
