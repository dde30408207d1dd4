"""What worker processes are forked from: everything they import is there, and every model is known."""

from __future__ import annotations

import redis  # noqa: F401
from sqlalchemy.orm import configure_mappers

import pwa.cli.working  # noqa: F401
import tests.support.crowd
import tests.support.databases  # noqa: F401

configure_mappers()
