"""Where the database is: DATABASE_URL when set, else the socket of the embedded server."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from quanzi.site.database import folders

NAME = "quanzi"
USER = "quanzi"
PROCESS = f"quanzi-{os.getpid()}-{secrets.token_hex(4)}"
"""How the connections of this process are called in the database; no two processes have the same name, containers' neither."""


def external_url() -> str | None:
    """DATABASE_URL, or None when the embedded server is to be used."""
    return os.environ.get("DATABASE_URL", "").strip() or None


def django_database(home: Path) -> dict[str, Any]:
    """The entry of Django's DATABASES."""
    url = external_url()
    where = parse_url(url) if url else embedded(home)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        **where,
        "OPTIONS": {
            "application_name": PROCESS,
            **(_options() if plans_statements() else {}),
            **where.get("OPTIONS", {}),
        },
    }


def _options() -> dict[str, Any]:
    """What is prepared (by base.prepared; the driver prepares nothing) is planned once, not five times and then perhaps again
    for each value. QUANZI_STATEMENT_SECONDS ends a statement that takes longer; web processes set it, so that no visitor's
    question occupies the database for long.
    """
    patience = os.environ.get("QUANZI_STATEMENT_SECONDS", "")
    limit = f" -c statement_timeout={int(patience)}s" if patience else ""
    return {"options": f"-c plan_cache_mode=force_generic_plan{limit}"}


def plans_statements() -> bool:
    """Whether a connection keeps plans; not behind a pooler that hands it round between transactions (QUANZI_POOLER=1)."""
    return os.environ.get("QUANZI_POOLER", "") != "1"


def embedded(home: Path) -> dict[str, Any]:
    """Name, user and socket folder of the embedded server."""
    return {"NAME": NAME, "USER": USER, "PASSWORD": "", "HOST": str(folders.socket_folder(home)), "PORT": ""}


def parse_url(url: str) -> dict[str, Any]:
    """Read postgresql://user:password@host:port/name?sslmode=…; raises ValueError with what is wrong."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must begin with postgresql://, because quanzi runs on PostgreSQL only.")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL names no database: postgresql://user:password@host:5432/NAME")
    options = dict(parse_qsl(parts.query))
    # A socket folder is written as ?host=/run/postgresql, as libpq does.
    host = options.pop("host", "") or unquote(parts.hostname or "")
    port = options.pop("port", "") or str(parts.port or "")
    where: dict[str, Any] = {
        "NAME": name,
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or options.pop("password", ""),
        "HOST": host,
        "PORT": port,
    }
    if options:
        where["OPTIONS"] = options
    return where
