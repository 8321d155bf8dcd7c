"""`python -m carriersim --port 8003 --key SECRET [--push URL]`: run until stopped."""

from __future__ import annotations

import argparse
import socketserver
from wsgiref.simple_server import WSGIServer, make_server

from carriersim.app import Application


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main() -> None:
    parser = argparse.ArgumentParser("carriersim", description="A simulated carrier. Carries nothing.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8003)
    parser.add_argument("--key", required=True)
    parser.add_argument(
        "--push", default="", help="where the shop hears of its parcels: http://SHOP/carriers/CODE/notify"
    )
    given = parser.parse_args()
    print(f"carriersim (simulated, carries nothing) on http://{given.host}:{given.port}", flush=True)
    make_server(given.host, given.port, Application(given.key, given.push), server_class=_Server).serve_forever()


if __name__ == "__main__":
    main()
