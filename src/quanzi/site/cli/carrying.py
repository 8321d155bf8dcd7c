"""The demo's carrier: simulated, on a free port of this machine, known to every process that `quanzi run` starts."""

from __future__ import annotations

import json
import os
import secrets
import socket

from quanzi.site import home
from quanzi.site.cli.processes import Child, python_module

CODE = "demo"
NAME = "示例快运"
HOST = "127.0.0.1"
PACE_SECONDS = 60


def carrier_of_demo(port: int) -> list[Child]:
    """The process to run; none where QUANZI_CARRIERS says which carriers there are, be it an empty list."""
    from django.conf import settings  # read late: the command line speaks before Django is loaded

    if "QUANZI_CARRIERS" in os.environ:
        return []
    at, key = _free_port(port + 2), secrets.token_urlsafe(24)
    rows = [{"code": CODE, "name": NAME, "url": f"http://{HOST}:{at}", "key": key}]
    settings.CARRIERS = rows
    os.environ["QUANZI_CARRIERS"], os.environ["CARRIERSIM_KEY"] = json.dumps(rows), key
    push = f"http://{HOST}:{port}/carriers/{CODE}/notify"
    folder = str(home.home() / "carriersim")
    command = ("--port", str(at), "--push", push, "--pace", str(PACE_SECONDS), "--home", folder, "--quiet")
    return [Child("carriersim", python_module("carriersim", *command))]


def _free_port(first: int) -> int:
    """The first port from there on that nobody has; any other when twenty are taken."""
    for port in (*range(first, min(first + 20, 65536)), 0):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return 0
