"""`paysim serve`, `paysim plan`, `paysim pay`, `paysim rotate`: the service and its switches."""

import argparse
import json
import logging
import os
import signal
import socketserver
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from paysim.app import Application
from paysim.desk import Refused
from paysim.keys import KeyRing
from paysim.plan import Plan, PlanFile, parse

log = logging.getLogger("paysim")


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(WSGIRequestHandler):
    timeout = 20  # a slow sender does not hold a thread for ever

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)


def serve(home: Path, host: str, port: int, public_url: str = "") -> int:
    """Run until SIGTERM or SIGINT."""
    application = Application(home, public_url or f"http://{host}:{port}")
    try:
        server = make_server(host, port, application, server_class=_Server, handler_class=_Handler)
    except OSError as error:
        print(f"paysim: cannot listen on {host}:{port}: {error.strerror}", file=sys.stderr)
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
    application.notifier.start()
    print(f"paysim (simulated, no real money) on http://{host}:{port}, home {home}", flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    application.stop()
    return 0


def plan(home: Path, settings: list[str], clear: bool) -> int:
    """Show the plan, or change it: NAME=VALUE with the value as JSON."""
    file = PlanFile(home)
    if clear:
        file.write(Plan())
    if settings:
        wanted = asdict(file.read())
        for one in settings:
            name, _, value = one.partition("=")
            wanted[name] = json.loads(value) if value[:1] in '[{"-0123456789tf' and value else value
        file.write(parse(wanted))
    print(json.dumps(asdict(file.read()), indent=1))
    return 0


def pay(home: Path, number: str, force: bool) -> int:
    application = Application(home, "")
    try:
        trade = application.desk.trade(application.only_merchant(), number)
        application.desk.pay(trade["token"], force=force)
    finally:
        application.stop()
    print(f"{number}: paid")
    return 0


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--home", type=Path, default=os.environ.get("PAYSIM_HOME"), help="folder with keys and state")
    parser = argparse.ArgumentParser("paysim", description="A simulated payment provider. No real money.")
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("serve", parents=[common], help="run the service")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8001)
    one.add_argument("--public-url", default="", help="how payers reach it; default http://HOST:PORT")
    one = commands.add_parser("plan", parents=[common], help="show or set faults, e.g. duplicate=100 'forge=[\"old\"]'")
    one.add_argument("settings", nargs="*", metavar="NAME=VALUE")
    one.add_argument("--clear", action="store_true")
    one = commands.add_parser("pay", parents=[common], help="pay an order without a browser")
    one.add_argument("out_trade_no")
    one.add_argument("--force", action="store_true", help="also when it is closed or paid already")
    commands.add_parser("rotate", parents=[common], help="make a further platform key; both stay live")
    one = commands.add_parser("retire", parents=[common], help="stop using a platform key")
    one.add_argument("serial")
    return parser


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if not given or (given[0].startswith("--") and given[0] != "--help"):
        given = ["serve", *given]  # `python -m paysim --port 8001 --home DIR`
    options = _parser().parse_args(given)
    if options.home is None:
        print("paysim: say where its folder is: --home DIR or PAYSIM_HOME", file=sys.stderr)
        return 2
    logging.basicConfig(level=os.environ.get("PAYSIM_LOG", "WARNING"), format="paysim %(message)s")
    home = Path(options.home)
    home.mkdir(parents=True, exist_ok=True)
    try:
        match options.command:
            case "serve":
                return serve(home, options.host, options.port, options.public_url)
            case "plan":
                return plan(home, options.settings, options.clear)
            case "pay":
                return pay(home, options.out_trade_no, options.force)
            case "rotate":
                print(KeyRing(home).rotate())
            case "retire":
                KeyRing(home).retire(options.serial)
    except (ValueError, Refused) as error:
        print(f"paysim: {error.message if isinstance(error, Refused) else error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
