"""`python -m carriersim --port 8003 --key SECRET [--push URL] [--pace SECONDS] [--home FOLDER]`: run until stopped.

The key may stand in CARRIERSIM_KEY instead, where no list of processes shows it.
"""

from __future__ import annotations

import argparse
import os
import socketserver
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from carriersim.app import Application


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


def main() -> None:
    parser = argparse.ArgumentParser("carriersim", description="A simulated carrier. Carries nothing.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8003)
    parser.add_argument("--key", default=os.environ.get("CARRIERSIM_KEY", ""))
    parser.add_argument(
        "--push", default="", help="where the shop hears of its parcels: http://SHOP/carriers/CODE/notify"
    )
    parser.add_argument("--pace", type=float, default=0.0, help="seconds between the steps of a parcel; 0: never")
    parser.add_argument("--home", type=Path, help="folder that remembers parcels")
    parser.add_argument("--quiet", action="store_true")
    given = parser.parse_args()
    if not given.key:
        parser.error("a key is needed: --key or CARRIERSIM_KEY")
    carrier = Application(given.key, given.push, pace=given.pace, home=given.home)
    if given.pace > 0:
        threading.Thread(target=carrier.keep_walking, daemon=True).start()
    if not given.quiet:
        print(f"carriersim (simulated, carries nothing) on http://{given.host}:{given.port}", flush=True)
    handler = _Quiet if given.quiet else WSGIRequestHandler
    make_server(given.host, given.port, carrier, server_class=_Server, handler_class=handler).serve_forever()


if __name__ == "__main__":
    main()
