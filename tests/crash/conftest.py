"""A stage with a database of its own, which keeps everything that any play left behind, and a provider beside it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.db import connection

from paysim.__main__ import _Handler, _Server
from paysim.app import Application
from paysim.keys import KeyRing
from paysim.plan import Plan

ROOT = Path(__file__).parents[2]


class Stage:
    """Lets plays be performed by processes that may die."""

    def __init__(self, database: str, settings: dict[str, Any], folder: Path) -> None:
        self.database, self.settings = database, settings
        self.report = folder / "report.json"
        self.serials = count(1)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.stage"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def perform(self, play: str, facts: Any = None, *, crash_at: str = "") -> tuple[int, Any]:
        """The exit code of the child, and the facts of the play. facts: None lets the child prepare the play."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.report.unlink(missing_ok=True)
        asked = {
            "play": play,
            "facts": facts,
            "crash_at": crash_at,
            "database": self.database,
            "settings": self.settings,
            "serial": next(self.serials),
            "report": str(self.report),
        }
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        told = json.loads(self.report.read_text()) if self.report.exists() else {}
        assert code != 1, told.get("trouble")
        return code, told.get("facts", facts)

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def pay_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("paysim")
    KeyRing(home)
    return home


@pytest.fixture(scope="module")
def provider(pay_home: Path) -> Iterator[Application]:
    """The simulated provider over HTTP; nobody hears its notifications unless a play carries them."""
    application = Application(pay_home, "")
    application.plan.write(Plan(refund_gap_s=0))
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Handler)
    application.desk.public_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield application
    server.shutdown()
    thread.join()
    server.server_close()
    application.stop()


@pytest.fixture(scope="module")
def stage(
    django_db_setup: None,
    django_db_blocker: Any,
    provider: Application,
    pay_home: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    name = f"{connection.settings_dict['NAME']}_stage"
    template = connection.settings_dict["TEST"]["TEMPLATE"]
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    settings = {
        "PAYSIM_URL": provider.desk.public_url,
        "PAYSIM_NOTIFY_URL": "http://127.0.0.1:9/pay/notify/paysim/",
    }
    made = Stage(name, settings | {"PAYSIM_HOME": str(pay_home)}, tmp_path_factory.mktemp("stage"))
    yield made
    made.close()
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
