"""What was made of large files, kept beside them as Python keeps its own, so that a start doesn't make it anew."""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from pwa.content.files import ContentError

KEPT_IN = Path(__file__).parent / "__pycache__"


def sources(*names: str) -> tuple[bytes, ...]:
    """The bytes of files of this folder."""
    try:
        return tuple((resources.files(__package__) / name).read_bytes() for name in names)
    except OSError as fault:
        raise ContentError(f"a file cannot be read: {fault}") from fault


def compiled(name: str, made_from: Sequence[bytes], make: Callable[[], Any]) -> Any:
    """What `make` gives (plain lists, dicts, texts and numbers), or what it gave for the same bytes before.

    A folder that cannot be written, or a broken file in it, only costs the time to make it again.
    """
    digest = sha256(sys.version.encode())
    for each in (*made_from, *_own_code()):
        digest.update(sha256(each).digest())
    kept = KEPT_IN / f"{name}-{digest.hexdigest()[:16]}.bin"
    with suppress(OSError, EOFError, ValueError, TypeError):
        return marshal.loads(kept.read_bytes())  # noqa: S302  our own file, in our own folder, named by what it was made from
    made = make()
    with suppress(OSError):
        _keep(kept, marshal.dumps(made))
    return made


def _own_code() -> list[bytes]:
    """Whatever may change what is made: this layer and the rules below it."""
    here = Path(__file__).parent
    return [path.read_bytes() for folder in (here, here.parent / "domain") for path in sorted(folder.glob("*.py"))]


def _keep(kept: Path, data: bytes) -> None:
    kept.parent.mkdir(exist_ok=True)
    for old in kept.parent.glob(f"{kept.name.rsplit('-', 1)[0]}-*.bin"):
        old.unlink(missing_ok=True)
    fresh = kept.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(data)
    fresh.replace(kept)
