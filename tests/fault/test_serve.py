"""`rekindle serve`, `keys`, `migrate` and `doctor` as processes: what they print, and how they end."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pwa.push import vapid
from tests.support.ledger import Ledger
from tests.support.loop import wait_until
from tests.support.push_service import PushService
from tests.support.server import Server

SECRETS = {"secret_key", "data_key", "vapid_private_key"}
CONTACT = {"REKINDLE_VAPID_SUBJECT": "mailto:tests@rekindle.example"}
COLUMNS = (
    "id, account_id, session_id, endpoint_hash, endpoint, p256dh, auth, vapid_key_id, created_at, seen_at, failures, "
    "names_shown"
)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Server]:
    """Nothing made, nothing running."""
    server = Server(tmp_path, dict(CONTACT))
    yield server
    server.stop()


def children_of(pid: int) -> dict[str, int]:
    """The commands that a `serve` runs, with their process ids."""
    told = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True)
    found = [line.split(None, 1) for line in told.stdout.splitlines()]
    return {words.split()[-1]: int(child) for child, words in found}


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


# --- keys, migrate ------------------------------------------------------------------------------------------------


def test_keys_makes_what_is_missing_for_our_eyes_only_and_never_again(bare: Server) -> None:
    first = bare.rekindle("keys")
    assert first.returncode == 0
    kept = {name: (bare.instance / name).read_text() for name in SECRETS}
    assert all(stat.S_IMODE((bare.instance / name).stat().st_mode) == 0o600 for name in SECRETS)
    assert not any(secret.strip() in first.stdout + first.stderr for secret in kept.values())
    (bare.instance / "secret_key").unlink()
    assert bare.rekindle("keys").returncode == 0
    now = {name: (bare.instance / name).read_text() for name in SECRETS}
    assert now.pop("secret_key") != kept.pop("secret_key")
    assert now == kept


def test_a_new_vapid_key_keeps_the_one_before_it_and_a_third_is_refused(bare: Server) -> None:
    bare.prepare()
    present, old = bare.instance / "vapid_private_key", bare.instance / "vapid_private_key_old"
    before = present.read_text()
    told = bare.rekindle("keys", "--rotate")
    assert (told.returncode, old.read_text()) == (0, before), told.stderr
    after = present.read_text()
    assert after != before and before.strip() not in told.stdout and after.strip() not in told.stdout
    assert [stat.S_IMODE(file.stat().st_mode) for file in (present, old)] == [0o600] * 2
    told = bare.rekindle("keys", "--rotate")
    assert (told.returncode, "would cut off the devices" in told.stderr) == (1, True)
    assert (present.read_text(), old.read_text()) == (after, before)
    old.unlink()
    bare.environment["REKINDLE_VAPID_PRIVATE_KEY"] = after.strip()
    told = bare.rekindle("keys", "--rotate")
    assert (told.returncode, "REKINDLE_VAPID_PRIVATE_KEY_OLD there" in told.stderr) == (1, True)
    assert (present.read_text(), old.exists()) == (after, False)


def test_migrate_needs_no_keys_and_does_nothing_the_second_time(bare: Server) -> None:
    for _ in range(2):
        done = bare.rekindle("migrate")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert Ledger(bare.database).rows("SELECT * FROM account") == []


def test_without_keys_a_server_says_what_to_do(bare: Server) -> None:
    for command in ("serve", "web", "worker", "doctor"):
        told = bare.rekindle(command)
        assert told.returncode != 0
        assert "run `rekindle keys`" in told.stderr
        assert "Traceback" not in told.stderr


def test_a_setting_that_makes_no_sense_is_named(bare: Server) -> None:
    bare.prepare()
    bad = {"REKINDLE_PUSH_HOSTS": "http://10.0.0.1", "REKINDLE_VAPID_SUBJECT": "mailto:me@localhost", "PORT": "no"}
    for (name, value), command in zip(bad.items(), ("worker", "web", "serve"), strict=True):
        bare.environment = {**CONTACT, name: value}
        told = bare.rekindle(command)
        assert told.returncode != 0, name
        assert name in told.stderr
        assert "Traceback" not in told.stderr


# --- serve --------------------------------------------------------------------------------------------------------


def test_serve_says_where_it_is_and_ends_with_its_children(bare: Server) -> None:
    bare.prepare()
    bare.start()
    assert f"Rekindle is at {bare.address}" in bare.log
    assert len(re.findall("[█▀▄]", bare.log)) > 200, "the picture for a phone's camera"
    assert bare.process is not None
    process, children = bare.process, children_of(bare.process.pid)
    assert set(children) == {"web", "worker"}
    began = time.monotonic()
    bare.stop()
    assert process.returncode == 0
    assert time.monotonic() - began < 15
    assert not any(is_alive(child) for child in children.values())
    assert "Traceback" not in bare.log


@pytest.mark.parametrize("victim", ["web", "worker"])
def test_when_one_of_the_two_dies_the_other_is_ended_and_serve_says_so(bare: Server, victim: str) -> None:
    bare.prepare()
    bare.start()
    assert bare.process is not None
    process, children = bare.process, children_of(bare.process.pid)
    os.kill(children[victim], signal.SIGKILL)
    assert process.wait(30) != 0
    assert f"{victim} ended" in bare.log
    wait_until(lambda: not any(is_alive(child) for child in children.values()), what="the other's end")


def test_children_do_not_outlive_a_serve_that_was_killed(bare: Server) -> None:
    bare.prepare()
    bare.start()
    assert bare.process is not None
    children = children_of(bare.process.pid)
    bare.process.kill()
    bare.process.wait(10)
    wait_until(lambda: not any(is_alive(child) for child in children.values()), 20, "the children's end")


# --- doctor -------------------------------------------------------------------------------------------------------


def test_the_doctor_finds_what_is_wrong_and_says_what_to_do(bare: Server) -> None:
    assert bare.rekindle("keys").returncode == 0
    told = bare.rekindle("doctor")
    assert told.returncode == 1
    assert "FAULT   migrations: run `rekindle migrate`" in told.stdout
    bare.prepare()
    told = bare.rekindle("doctor")
    assert told.returncode == 1
    assert "FAULT   worker: none has been seen; start `rekindle serve`" in told.stdout


def test_the_doctor_is_content_with_a_server_that_is_well(bare: Server) -> None:
    with PushService() as service:
        bare.environment["REKINDLE_PUSH_HOSTS"] = service.origin
        bare.prepare()
        bare.start()
        told = bare.rekindle("doctor")
        assert told.returncode == 0, told.stdout
        assert f"push: {service.origin.removeprefix('http://')} answers" in told.stdout
        assert "FAULT" not in told.stdout


def test_the_doctor_counts_the_devices_that_hang_on_an_older_key(bare: Server) -> None:
    bare.prepare()
    assert "devices: every one has subscribed with this key" in bare.rekindle("doctor").stdout
    (bare.instance / "vapid_private_key").rename(bare.instance / "vapid_private_key_old")
    bare.prepare()
    assert "devices: none hangs on the old key" in bare.rekindle("doctor").stdout
    old = vapid.load((bare.instance / "vapid_private_key_old").read_text().strip(), CONTACT["REKINDLE_VAPID_SUBJECT"])
    new = vapid.load((bare.instance / "vapid_private_key").read_text().strip(), CONTACT["REKINDLE_VAPID_SUBJECT"])
    ledger = Ledger(bare.database)
    with ledger.open() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for place, kid in enumerate((old.kid, old.kid, new.kid, "unknown")):
            values = [bytes([place]) * 16, b"", b"", bytes([place]), "", "", "", kid, "", "", 0, 0]
            connection.execute(f"INSERT INTO subscription ({COLUMNS}) VALUES ({', '.join('?' * 12)})", values)
    told = bare.rekindle("doctor").stdout
    assert "devices: 2 of 4 still hang on the old key" in told
    assert "devices: 1 subscribed with a key that is not here" in told
