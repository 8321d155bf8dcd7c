"""One embedded server for the run, one database for each worker, copied from a template that is migrated once."""

from __future__ import annotations

import fcntl
import hashlib
import os
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils import translation
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler.loadscope import LoadScopeScheduling

from quanzi.base.shop import identity
from quanzi.site import translations
from quanzi.site.database.lease import hold
from quanzi.site.database.making import few_models_drawn
from tests import emptying

SOURCES = Path(__file__).parents[1] / "src"
PREFIX = "quanzi_template_"
COPY = "quanzi_test_"
NO_BROWSER = "no Chromium was found"

# A fresh clone holds the sources of the translations only.
translations.compile_changed()
emptying.fast()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    """Start the server, and let Django make each test database as a copy of the migrated template."""
    home = settings.QUANZI_HOME
    hold(home, durable=False)
    with _alone(home / "template.lock"), django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = _template()
        # A name for each process: several runs may go on at once, and what a killed one left is cleared away.
        _drop_leftovers()
        connection.settings_dict["TEST"]["NAME"] = f"{COPY}{os.getpid()}"


def _template() -> str:
    """The name of the template for the migrations as they are now; made when it is missing."""
    name = PREFIX + _fingerprint()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        present = {row[0] for row in cursor.fetchall()}
        if name in present:
            return name
        for old in present:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
        draft = f"{PREFIX}draft"
        cursor.execute(f'CREATE DATABASE "{draft}"')
    usual = connection.settings_dict["NAME"]
    try:
        connection.settings_dict["NAME"] = draft
        with few_models_drawn():
            call_command("migrate", verbosity=0)
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def _drop_leftovers() -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [COPY])
        for (name,) in cursor.fetchall():
            pid = name.removeprefix(COPY).split("_")[0]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _fingerprint() -> str:
    """Changes with every migration of ours and every version of the libraries that bring some."""
    digest = hashlib.sha256()
    for library in ("django", "django-allauth", "procrastinate"):
        digest.update(version(library).encode())
    for path in sorted([*SOURCES.rglob("migrations/**/*.*"), *SOURCES.rglob("*.sql")]):
        if path.suffix in (".py", ".sql"):
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this worker's shop writes down what it says of itself; workers share everything else of the home folder."""
    folder = tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_path", lambda: folder / identity.FILE)
        yield folder


@pytest.fixture(autouse=True)
def _shop_that_said_nothing(shop_folder: Path) -> Iterator[None]:
    """No test hears what the one before it said of the shop, nor reads in its language."""
    yield
    translation.deactivate()
    (shop_folder / identity.FILE).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless browser; each test opens contexts of its own in it."""
    path = _find_browser()
    assert path is not None, "no Chromium was found; see ./dev setup"
    # Playwright's loop runs in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield browser
        browser.close()


@cache
def _find_browser() -> str | None:
    tool = runpy.run_path(str(SOURCES.parent / "tools" / "find_browser.py"))
    found: str | None = tool["find"]()
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are skipped, unless QUANZI_REQUIRE_BROWSER=1 wants them to fail."""
    wanting = [item for item in items if item.get_closest_marker("browser")]
    if wanting and os.environ.get("QUANZI_REQUIRE_BROWSER") != "1" and _find_browser() is None:
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


TOGETHER = (
    "tests/browser/",
    "tests/crash/test_points.py",
    "tests/faces/api/test_bad_input.py",
    "tests/faces/console/test_doors.py",
    "tests/growth/insight/test_ledger.py",
    "tests/hostile/test_api_fuzz.py",
    "tests/hostile/test_forms.py",
    "tests/hostile/test_headers.py",
    "tests/people/approvals/test_callers.py",
    "tests/races/",
    "tests/site/test_demo.py",
    "tests/site/test_past.py",
)
"""Tests that share something dear (a browser, a stage, a shop with a past) run in one process; races by themselves, for their connections."""


class Together(LoadScopeScheduling):
    """Spreads single tests over the processes, except those that belong together.

    By place, since the group marks of pytest-xdist 3.8 say nothing under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if any(NO_BROWSER in str(report.longrepr) for report in terminalreporter.getreports("skipped")):
        terminalreporter.section("BROWSER TESTS WERE SKIPPED: no Chromium was found", sep="*", red=True, bold=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
