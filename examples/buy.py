"""Buy something in a quanzi shop through its API: python buy.py SHOP [--app CLIENT_ID] [--words TEXT]."""

import argparse
import base64
import hashlib
import os
import secrets
import sys
import time
import uuid
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

SCOPES = "orders:read orders:write payments:write"


def sign_in(shop: str, client_id: str) -> str:
    """OAuth 2: authorization code with PKCE. The browser asks the member; the answer comes to a port of this machine."""
    doors = httpx.get(f"{shop}/.well-known/oauth-authorization-server").raise_for_status().json()
    heard: dict[str, list[str]] = {}

    class Back(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.update(parse_qs(urlsplit(self.path).query))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"Done. You can close this page.")

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Back)
    back, state, verifier = (
        f"http://127.0.0.1:{server.server_port}/back",
        secrets.token_urlsafe(),
        secrets.token_urlsafe(48),
    )
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code", "client_id": client_id, "redirect_uri": back, "scope": SCOPES, "state": state,
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    address = f"{doors['authorization_endpoint']}?{urlencode(asked)}"
    print(f"Open this page and let the app in:\n{address}", flush=True)
    webbrowser.open(address)
    server.handle_request()
    if heard.get("state") != [state] or "code" not in heard:
        sys.exit(f"The shop did not let us in: {heard}")
    sent = {"grant_type": "authorization_code", "client_id": client_id, "code": heard["code"][0], "redirect_uri": back}
    given = httpx.post(doors["token_endpoint"], data=sent | {"code_verifier": verifier}).raise_for_status().json()
    return str(given["access_token"])


def buy(api: httpx.Client, words: str) -> dict:
    """The first goods that can be had, one of them, picked up, paid."""
    sku_id = find(api, words)
    answer(api.post("/cart", json={"sku_id": sku_id, "quantity": 1}))
    lines = [{"sku_id": sku_id, "quantity": 1}]
    price = answer(api.post("/quotes", json={"lines": lines, "method": "pickup"}))["amount_minor"]
    point = answer(api.get("/pickup-points?limit=1"))["items"][0]
    print(f"{price / 100:.2f} yuan, to be picked up at {point['name']}")
    wish = {
        "lines": lines, "from_cart": True, "method": "pickup", "pickup_point_id": point["id"],
        "expected_amount_minor": price, "provider": "paysim",
    }  # fmt: skip
    order = answer(api.post("/orders", json=wish, headers=once()))
    payment = answer(api.post(f"/orders/{order['number']}/payments", json={"provider": "paysim"}, headers=once()))
    print(f"Order {order['number']}: paying at {payment['pay_url']}")
    # A person would open pay_url; the simulated service takes the button of its page.
    httpx.post(payment["pay_url"], data={"choice": "pay"})
    for _ in range(20):
        payment = answer(api.get(f"/payments/{payment['number']}?ask=true"))
        if payment["state"] == "captured":
            break
        time.sleep(0.5)
    return answer(api.get(f"/orders/{order['number']}"))["card"]


def find(api: httpx.Client, words: str) -> int:
    for row in answer(api.get("/products", params={"words": words, "limit": 20}))["items"]:
        page = answer(api.get(f"/products/{row['product']['slug']}"))
        for stock in page["stock"]:
            if stock["free"]:
                print(f"Found {page['product']['name']}")
                return int(stock["sku_id"])
    sys.exit("Nothing of that kind can be had now.")


def answer(response: httpx.Response):
    """The body, or the shop's own words for why not (RFC 9457)."""
    if response.is_error:
        sys.exit(f"{response.status_code} {response.json()['code']}: {response.json()['detail']}")
    return response.json()


def once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


if __name__ == "__main__":
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("shop")
    said.add_argument("--app", help="client_id of a registered app; without it QUANZI_TOKEN is used")
    said.add_argument("--words", default="", help="part of the name of the goods")
    wanted = said.parse_args()
    secret = sign_in(wanted.shop, wanted.app) if wanted.app else os.environ["QUANZI_TOKEN"]
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    with httpx.Client(base_url=f"{wanted.shop}/api/v1", headers=headers, timeout=30) as client:
        card = buy(client, wanted.words)
    print(f"Order {card['number']} is {card['state']}.")
    sys.exit(0 if card["state"] == "paid" else 1)
