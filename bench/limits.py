"""The same statements by pgbench: what the database alone could do, in the same run."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.journeys.journey import Request
from quanzi.site.database import address
from quanzi.site.database.binaries import bin_dir

CLIENTS = 8


@dataclass(frozen=True)
class Asked:
    """What one request asked of the database, its parameters written in, and how the shop answered."""

    statements: tuple[str, ...]
    status: int
    fresh: tuple[str, ...] = ()

    def made_fresh(self, *names: str) -> Asked:
        """The same, but each run of pgbench gives these JSON values a number of its own."""
        return replace(self, fresh=names)

    def script(self) -> str:
        """As pgbench reads it."""
        lines = [_plain(sql) for sql in self.statements]
        for name in self.fresh:
            lines = [re.sub(f'"{name}": "[^"]*"', f'"{name}": "\' || :chance || \'"', line) for line in lines]
        begin = ["\\set chance random(1, 1000000000000)"] if self.fresh else []
        return "".join(f"{line}\n" for line in [*begin, *(f"{line};" for line in lines)])


def ask(requests: Sequence[Request], *, times: int = 2) -> list[Asked]:
    """Send the requests to the shop inside this process, each so many times, and note the statements of the last.

    These are what a request asks when somebody has written since the one before; where nobody has, pages ask less.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from quanzi.base import unwritten

    found = []
    for one in requests:
        client = Client(SERVER_NAME="localhost", headers=dict(one.headers))
        content = one.headers.get("Content-Type", "application/x-www-form-urlencoded")
        for _ in range(times):
            unwritten.forget()
            with CaptureQueriesContext(connection) as captured:
                answer = client.generic(one.method, one.path, one.body, content_type=content)
        found.append(Asked(tuple(query["sql"] for query in captured.captured_queries), answer.status_code))
    return found


def transactions_a_second(asked: Sequence[Asked], *, folder: Path, seconds: float) -> float:
    """How often a second pgbench runs the statements of one request (unix socket, prepared). Zero without statements."""
    scripts = [one for one in asked if one.statements]
    if not scripts:
        return 0.0
    where = address.embedded(folder)
    with tempfile.TemporaryDirectory() as place:
        files = []
        for number, one in enumerate(scripts):
            path = Path(place) / f"{number}.sql"
            path.write_text(one.script(), encoding="utf-8")
            files += ["-f", str(path)]
        heard = subprocess.run(
            [str(bin_dir() / "pgbench"), "-h", where["HOST"], "-U", where["USER"], "-n", "-M", "prepared",
             "-c", str(CLIENTS), "-j", "2", "-T", f"{max(1, round(seconds))}", *files, where["NAME"]],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+) \(without", heard.stdout)
    if found is None:
        raise RuntimeError(f"pgbench measured nothing:\n{heard.stdout}\n{heard.stderr}")
    return float(found[1])


def _plain(sql: str) -> str:
    """One statement on one line; pgbench would take `:name` inside it for a variable of its own."""
    flat = " ".join(sql.split("\n"))
    return re.sub(r"(?<!:):(?=[A-Za-z_])", " : ", flat)
