"""`quanzi run`: the whole shop in one command."""

from __future__ import annotations

import os
import socket
import time
import urllib.error
import urllib.request

import click
from rich.console import Console

from quanzi.site import home
from quanzi.site.cli import data
from quanzi.site.cli.carrying import carrier_of_demo
from quanzi.site.cli.mistakes import Mistake
from quanzi.site.cli.processes import Child, Household, python_module
from quanzi.site.cli.shop import open_shop
from quanzi.site.database.lease import hold
from quanzi.site.patience import THREADS

HOST = "127.0.0.1"
READY_SECONDS = 60.0


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of QUANZI_PORT.")
@click.option("--no-demo", is_flag=True, help="Leave an empty shop empty.")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes that answer pages (default: one a core, at most 4)."
)
def run(port: int | None, no_demo: bool, workers: int | None) -> None:
    """Run the shop on this machine: database, web server, background worker, simulated payment service; in the demo a simulated carrier too.

    An empty shop is filled with the demo. Stops with Ctrl-C; everything it started stops with it.
    """
    console = Console(stderr=True)
    chosen = port or home.port()
    _check_port(chosen, "QUANZI_PORT=8010 quanzi run")
    os.environ["QUANZI_PORT"] = str(chosen)
    with console.status("Starting the database"):
        open_shop(migrated=False)
    carrier = _prepare(console, chosen, with_demo=not no_demo)
    household = Household(
        _children(chosen, workers or min(os.cpu_count() or 1, 4)) + carrier, keep_database=lambda: hold(home.home())
    )
    household.run(when_up=lambda: _greet(console, chosen, household))


def _prepare(console: Console, port: int, *, with_demo: bool) -> list[Child]:
    """Tables, texts, style sheets, demo: each only when it is not as it should be. Returns the carrier of a demo."""
    from quanzi.site import assets, translations

    with console.status("Bringing the database up to date"):
        data.bring_up_to_date()
    translations.compile_changed()
    assets.collect_changed()
    is_new = with_demo and (data.is_empty() or data.was_interrupted())
    carrier = carrier_of_demo(port) if is_new or data.logins() else []
    if is_new:
        data.load_demo()
    data.begin_shop()
    return carrier


def _children(port: int, workers: int) -> list[Child]:
    threads = min(2 * (os.cpu_count() or 1), 8)
    os.environ[THREADS] = str(threads)
    web = python_module(
        "granian",
        *("--interface", "wsgi", "--host", HOST, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--blocking-threads-idle-timeout", "600"),
        *("--workers-kill-timeout", "10", "--respawn-failed-workers", "--log-level", "warning"),
        "quanzi.site.wsgi:application",
    )
    children = [Child("web", web), Child("worker", python_module("quanzi", "worker"))]
    if _pays_with_paysim():
        pay_port = _payment_port(port)
        os.environ.setdefault("PAYSIM_HOME", str(home.home() / "paysim"))
        os.environ.setdefault("PAYSIM_URL", f"http://{HOST}:{pay_port}")
        pay = python_module(
            "granian",
            *("--interface", "wsgi", "--factory", "--host", HOST, "--port", str(pay_port)),
            *("--workers", "1", "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"),
            *("--workers-kill-timeout", "5", "--respawn-failed-workers", "--log-level", "warning"),
            "paysim.app:make",
        )
        children.append(Child("paysim", pay))
    return children


def _pays_with_paysim() -> bool:
    """Whether this shop offers simulated payments; one that takes real money leaves them out."""
    from django.conf import settings  # read late: the command line speaks before Django is loaded

    return "paysim" in settings.PAYMENT_PROVIDERS


def _payment_port(port: int) -> int:
    """The simulated payment service stands on the port after the shop's, unless PAYSIM_PORT says otherwise."""
    text = os.environ.setdefault("PAYSIM_PORT", str(port % 65535 + 1))
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Mistake(f"PAYSIM_PORT must be a number from 1 to 65535, not {text!r}.")
    _check_port(int(text), "PAYSIM_PORT=8020 quanzi run")
    return int(text)


def _check_port(port: int, way_out: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Mistake(f"Port {port} needs special rights. Choose one above 1023: {way_out}") from None
        except OSError:
            raise Mistake(
                f"Port {port} is taken by another program, or this shop is running already. Choose another: {way_out}"
            ) from None


def _greet(console: Console, port: int, household: Household) -> None:
    """Wait until pages are answered, then say where the shop is and how to get in."""
    until = time.monotonic() + READY_SECONDS
    while not _answers(port):
        if household.is_stopping or time.monotonic() > until:
            return
        time.sleep(0.05)
    address = f"http://{HOST}:{port}/"
    console.print(f"\nThe shop is open:  {address}\nConsole:           {address}console/", highlight=False)
    if link := _opening_link(address):
        console.print("\nNobody owns this shop yet. Open it with this link, once and within a day:", highlight=False)
        console.print(f"  {link}", highlight=False, markup=False, soft_wrap=True)
    if lines := data.logins():
        console.print("\n" + "\n".join(lines), highlight=False, markup=False)
    console.print(f"\nData: {home.home()}. Stop with Ctrl-C.", highlight=False)


def _opening_link(address: str) -> str:
    """The way in for the first owner, for the eyes of whoever started the shop; empty when it has one."""
    from django.db import connection  # needs Django's settings

    from quanzi.base.shop.services import issue_key
    from quanzi.kernel.clock import now
    from quanzi.people.accounts.queries import has_owner

    try:
        return "" if has_owner() else f"{address}open/{issue_key(now=now())}"
    finally:
        connection.close()  # this thread ends here


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2):  # nosec B310  # this machine
            return True
    except urllib.error.HTTPError as answer:
        return answer.code == 503  # the server answers; the worker may need a moment more
    except OSError:
        return False
