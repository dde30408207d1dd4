"""The file that starts several webs and workers says only what there is: commands, settings, files and services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from pwa import settings as settings_module
from pwa.cli import main
from pwa.push import vapid
from pwa.worker.engine import open_queue
from tests.support.server import ROOT

DEPLOY = ROOT / "deploy"
OURS = {"migrate", "web", "worker"}
GIVEN = {
    "REKINDLE_NAME": "rekindle.example.com",
    "POSTGRES_PASSWORD": "word",
    "REKINDLE_SECRET_KEY": "not-a-secret",
    "REKINDLE_DATA_KEY": "A" * 43,
    "REKINDLE_VAPID_PRIVATE_KEY": vapid.generate(),
    "REKINDLE_VAPID_SUBJECT": "mailto:tests@rekindle.example",
}
VARIABLE = re.compile(r"\$\{(\w+)(?::\?[^}]*)?\}")


class Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values, self.names = values, set[str]()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(VARIABLE.sub(lambda found: GIVEN[found[1]], (DEPLOY / "compose.scale.yaml").read_text()))


def test_two_webs_and_two_workers_stand_behind_caddy(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services.keys() == {"caddy", "postgresql", "redis", *OURS}
    assert [services[name]["deploy"]["replicas"] for name in ("web", "worker")] == [2, 2]
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"], "nothing else is open"


def test_each_command_is_one_of_ours(compose: dict[str, Any]) -> None:
    for name in OURS:
        program, command = compose["services"][name]["command"]
        assert program == "rekindle"
        assert command in main.commands


def test_each_setting_is_known_and_they_make_sense_together(compose: dict[str, Any]) -> None:
    for name in OURS:
        environment = Asked(compose["services"][name]["environment"])
        settings = settings_module.load(environment)
        assert set(environment) <= environment.names, "a setting that nobody reads"
        assert settings.database_url == "postgresql://rekindle:word@postgresql/rekindle"
        assert (settings.host, settings.origin, settings.trusted_proxies) == (
            "0.0.0.0",
            "https://rekindle.example.com",
            1,
        )
        assert open_queue(settings.queue_url, settings.secret_key) is not None


def test_each_service_waited_for_and_each_address_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).is_file()
    environment = services["web"]["environment"]
    assert f"dynamic a web {environment['PORT']}" in (DEPLOY / "Caddyfile").read_text()
    assert set(VARIABLE.findall((DEPLOY / "compose.scale.yaml").read_text())) == GIVEN.keys()


def test_the_image_is_made_from_what_lies_here(compose: dict[str, Any]) -> None:
    build = compose["services"]["web"]["build"]
    folder = DEPLOY / build["context"]
    said = (folder / build["dockerfile"]).read_text()
    assert "python3 deploy/install.py run" in said
    assert (folder / "deploy" / "install.py").is_file()
    for never in (".git", ".venv", "instance"):
        assert never in (DEPLOY / "Containerfile.dockerignore").read_text().split()
