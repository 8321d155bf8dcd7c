"""A process without threads that lets children die: it reads what to play, forks, and tells how the child ended.

Run as `python -m tests.crash.stage`. Each line in is one performance, each line out its exit code.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from itertools import count
from pathlib import Path
from typing import Any

FACTORIES = ("goods", "trade", "deals", "people", "supply", "stations", "stores", "launches", "preorders")
ANSWERED = "stage.answered"
"""The command is committed, and whoever asked for it never hears so."""


def main() -> None:
    import django

    django.setup()
    import tests.crash.plays  # loaded once, before anybody forks

    assert tests.crash.plays.PLAYS
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(perform(asked))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def perform(asked: dict[str, Any]) -> int:
    """One act of a play in this process; what it knows at its end, or its trouble, goes into the report."""
    report = Path(asked["report"])
    try:
        _settle_in(asked)
        from quanzi.kernel import crash
        from tests.crash.plays import PLAYS, all_is_well

        play = PLAYS[asked["play"]]
        facts = asked["facts"]
        if facts is None:
            facts = play.prepare()
            report.write_text(json.dumps({"facts": facts}))
        os.environ[crash.VARIABLE] = asked["crash_at"]
        crash.read_environment()
        play.act(facts)
        crash.point(ANSWERED)
        if not asked["crash_at"]:
            all_is_well()
            play.check(facts)
    except BaseException:  # noqa: BLE001 - told to whoever asked
        report.write_text(json.dumps({"facts": None, "trouble": traceback.format_exc()}))
        return 1
    return 0


def _settle_in(asked: dict[str, Any]) -> None:
    """The database, the provider and numbers that nobody had before."""
    from importlib import import_module

    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"] = asked["database"]
    for name, value in asked["settings"].items():
        setattr(settings, name, value)
    for name in FACTORIES:
        factory: Any = import_module(f"tests.factories.{name}")
        if hasattr(factory, "_numbers"):
            factory._numbers = count(asked["serial"] * 1_000)


if __name__ == "__main__":
    main()
