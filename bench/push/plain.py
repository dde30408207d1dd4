"""What one writes first: pywebpush's call in a loop. `python -m bench.push.plain STAGE COUNT`."""

from __future__ import annotations

import os
import sys

from pywebpush import webpush

from bench.push.measured import measured, read


def main(file: str, count: int) -> None:
    stage = read(file)
    os.environ["REQUESTS_CA_BUNDLE"] = stage["trust"]
    to = stage["subscriptions"]
    with measured() as told:
        for number in range(count):
            answer = webpush(
                to[number % len(to)],
                stage["payload"],
                vapid_private_key=stage["private_key"],
                vapid_claims={"sub": stage["subject"]},
                ttl=60,
            )
            told["accepted"] = told.get("accepted", 0) + (answer.status_code == 201)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
