"""The engine: it wakes the worker, runs nothing that was not signed here, and may vanish at any time."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pwa.worker.engine import QuietConsumer, open_queue, register
from pwa.worker.recurring import TABLE
from pwa.worker.waking import waker


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'queue.db'}"


def test_a_wake_up_that_is_signed_with_another_secret_is_not_run(url: str) -> None:
    woken = threading.Event()
    queue = open_queue(url, "secret")
    register(queue, woken.set)
    consumer = QuietConsumer(queue)
    consumer.start()
    try:
        waker(url, "another")()
        assert not woken.wait(1)
    finally:
        consumer.stop(graceful=True)


def test_waking_never_fails(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    waker(f"sqlite:///{tmp_path / 'file' / 'queue.db'}", "secret")()
    assert "could not be woken" in caplog.text


def test_an_address_that_names_no_store_is_refused() -> None:
    for url in ("amqp://somewhere", "", "sqlite"):
        with pytest.raises(ValueError, match="REKINDLE_QUEUE_URL"):
            open_queue(url, "secret")


def test_what_recurs_has_a_name_and_may_run_at_any_minute() -> None:
    assert len({entry.name for entry in TABLE}) == len(TABLE)
    for entry in TABLE:
        assert callable(entry.when) and callable(entry.run)
