"""The `rekindle` command. Each command imports what it needs when it runs, so that the quick ones stay quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pwa.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Rekindle: five steps that bring warmth back between a grown child and a parent."""


@main.command()
@click.option("--rotate", is_flag=True, help="Make a new VAPID key; devices keep the one before it until they come by.")
def keys(*, rotate: bool) -> None:
    """Make the secrets that are missing, in the instance folder; those that are there stay."""
    from pwa import settings
    from pwa.push import vapid

    folder = settings.instance_folder(os.environ)
    if rotate:
        _put_by(folder)
    made = settings.make_secrets(folder, _secret_makers(vapid.generate))
    for name in made:
        click.echo(f"Made {folder / name}")
    if made:
        click.echo(
            "Keep these files safe and out of any repository: without data_key nobody can read what was written."
        )


@main.command()
def migrate() -> None:
    """Bring the database up to date. Needs no secrets."""
    from pwa.cli.migrating import upgrade

    upgrade(_settings(without_secrets=True))


@main.command()
def serve() -> None:
    """Run the web server and the worker together, and say where."""
    from pwa.cli.serving import run_both

    sys.exit(run_both(_settings()))


@main.command()
def web() -> None:
    """Run only the web server."""
    from pwa.cli.serving import run_web

    settings = _settings()
    _refuse_nonsense(settings)
    run_web(settings)


@main.command()
def worker() -> None:
    """Run only the worker that sends nudges; any number of them, on any number of machines."""
    from pwa.cli.working import run_worker

    settings = _settings()
    _refuse_nonsense(settings)
    run_worker(settings)


@main.command()
def doctor() -> None:
    """Check keys, clock, database, worker and push, and say what to do."""
    from pwa.cli.examining import examine

    findings = list(examine(_settings()))
    for finding in findings:
        click.echo(finding.line)
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only those whose local date is this one or later.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def nudges(since: datetime | None, *, as_json: bool) -> None:
    """Count where every nudge stands: open, shown, accepted, expired, no device or cancelled. Fails unless it balances."""
    from pwa.cli.balancing import print_ledger

    settings = _settings(without_secrets=True)
    sys.exit(0 if print_ledger(settings, since.date() if since else None, as_json=as_json) else 1)


@main.command()
@click.argument("text", required=False)
@click.option("--on", help="The date that the list is for, such as 2026-03-01; today unless told.")
@click.option("--chips", default="", help="Interests that were tapped: ids, separated by commas.")
@click.option("--limits", help="Confirmed limits, as JSON.")
@click.option(
    "--limit", "most", type=click.IntRange(1, 100), default=10, show_default=True, help="At most so many ideas."
)
@click.option("--lines", help="A file with a JSON object a line: text, and id, chips, limits, on.")
@click.option("--catalogue", is_flag=True, help="Every idea there is.")
@click.option("--json", "_as_json", is_flag=True, help="Print JSON (as it does anyway).")
def ideas(
    text: str | None,
    on: str | None,
    chips: str,
    limits: str | None,
    most: int,
    lines: str | None,
    *,
    catalogue: bool,
    _as_json: bool,
) -> None:
    """Understand TEXT (- is standard input) and suggest ideas that fit."""
    from pwa.cli.tailoring import Request, print_answers

    asked = [chip for chip in chips.split(",") if chip]
    print_answers(Request(text, on, asked, limits, most, lines, catalogue))


@main.command()
@click.argument("text", required=False)
@click.option("--lines", help="A file with a JSON object a line: text, and id.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as --lines does anyway.")
def tone(text: str | None, lines: str | None, *, as_json: bool) -> None:
    """Say which words of TEXT (- is standard input) may hurt, and how to say it kindly."""
    from pwa.cli.toning import print_flags

    print_flags(text, lines, as_json=as_json)


@main.command()
@click.argument("text", required=False)
@click.option("--options", default="", help="The dates that were offered: ISO times with commas between them.")
@click.option("--lines", help="A file with a JSON object a line: text, and id, options.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, as --lines does anyway.")
def reply(text: str | None, options: str, lines: str | None, *, as_json: bool) -> None:
    """Read what a parent's reply TEXT (- is standard input) says."""
    from pwa.cli.replying import print_readings

    print_readings(text, options, lines, as_json=as_json)


@main.command()
@click.option("--zone", required=True, help="The person's time zone, such as Europe/Berlin.")
@click.option("--from", "said_now", required=True, help="What is taken for now: an ISO time such as 2026-03-01T09:00.")
@click.option("--busy", help="A calendar file (.ics) whose events are to be kept clear.")
@click.option("--minutes", type=int, default=60, show_default=True, help="How long the idea takes.")
@click.option("--json", "_as_json", is_flag=True, help="Print JSON (as it does anyway).")
def dates(zone: str, said_now: str, busy: str | None, minutes: int, *, _as_json: bool) -> None:
    """Propose three dates to offer."""
    from pwa.cli.proposing import print_options

    print_options(zone, said_now, busy, minutes)


def _put_by(folder: Path) -> None:
    from pwa import settings

    try:
        settings.put_by(folder, os.environ)
    except settings.Misconfigured as wrong:
        sys.exit(f"rekindle: {wrong}")
    click.echo(
        f"Kept the key so far as {folder / settings.OLD_KEY}\nRestart web and worker. Each device moves to the new key "
        "when Rekindle is opened there; `rekindle doctor` counts those that have not."
    )


@main.group()
def bench() -> None:
    """Measure, and print the figures."""


@bench.command()
@click.option("--rounds", default=5, show_default=True, help="How often each sender has its turn.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def push(*, rounds: int, as_json: bool) -> None:
    """How many messages a second leave, beside other ways to send them."""
    from pwa.cli.benching import run_bench

    sys.exit(run_bench("push", "--rounds", str(rounds), *(["--json"] if as_json else [])))


@bench.command()
@click.option("--huge", is_flag=True, help="Ten million nudges too: many minutes, and some 12 GB for a while.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def claims(*, huge: bool, as_json: bool) -> None:
    """What claiming and settling 500 nudges cost, by how many are scheduled."""
    from pwa.cli.benching import run_bench

    sys.exit(run_bench("claims", *(["--huge"] if huge else []), *(["--json"] if as_json else [])))


def _secret_makers(vapid_key: Callable[[], str]) -> dict[str, Callable[[], str]]:
    import secrets

    return {
        "secret_key": lambda: secrets.token_urlsafe(32),
        "data_key": lambda: secrets.token_urlsafe(32),
        "vapid_private_key": vapid_key,
    }


def _settings(*, without_secrets: bool = False) -> Settings:
    from pwa import settings

    stand_ins = {"REKINDLE_" + name.upper(): "A" * 43 for name in settings.SECRETS} if without_secrets else {}
    try:
        return settings.load({**stand_ins, **os.environ})
    except settings.Misconfigured as wrong:
        sys.exit(f"rekindle: {wrong}")


def _refuse_nonsense(settings: Settings) -> None:
    """A key, contact or push host that cannot be: better said now than by each nudge that does not arrive."""
    from pwa.domain.errors import Invalid
    from pwa.push import endpoints, vapid

    try:
        vapid.load(settings.vapid_private_key, settings.vapid_subject, settings.vapid_private_key_old)
        for entry in settings.push_hosts:
            endpoints.check_host(entry)
    except Invalid as wrong:
        sys.exit(f"rekindle: {wrong}")
