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

# What the program ends with; 2 is also what argparse ends with.
REFUSED, WRONG_CALL, NOT_LET_IN, NO_SHOP, NO_GOODS, OTHER_PRICE = 1, 2, 3, 4, 5, 6
GOODS_GONE = {"out_of_stock", "sold_out", "not_on_sale", "order_not_on_sale"}


class Stopped(Exception):
    """Why nothing was bought, in a sentence, and the exit code."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def sign_in(shop: str, client_id: str) -> str:
    """OAuth 2: authorization code with PKCE. The browser asks the member; the answer comes to a port of this machine."""
    doors = answer(httpx.get(f"{shop}/.well-known/oauth-authorization-server"))
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
        raise Stopped(NOT_LET_IN, f"The shop did not let this app in ({heard.get('error', ['no answer'])[0]}).")
    sent = {"grant_type": "authorization_code", "client_id": client_id, "code": heard["code"][0], "redirect_uri": back}
    return str(answer(httpx.post(doors["token_endpoint"], data=sent | {"code_verifier": verifier}))["access_token"])


def buy(api: httpx.Client, words: str) -> dict:
    """The first goods that can be had, one of them, picked up, paid."""
    sku_id = find(api, words)
    answer(api.post("/cart", json={"sku_id": sku_id, "quantity": 1}))
    lines = [{"sku_id": sku_id, "quantity": 1}]
    price = answer(api.post("/quotes", json={"lines": lines, "method": "pickup"}))["amount_minor"]
    points = answer(api.get("/pickup-points?limit=1"))["items"]
    if not points:
        raise Stopped(NO_GOODS, "This shop has no place where goods can be picked up.")
    point = points[0]
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
    raise Stopped(NO_GOODS, "Nothing of that kind can be had now.")


def answer(response: httpx.Response):
    """The body, or the shop's own words for why not (RFC 9457)."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Stopped(NO_SHOP, f"{response.url.host} does not answer like a quanzi shop.")
    if response.is_success:
        return body
    code, words = body.get("code", body.get("error")), body.get("detail", body.get("error_description", ""))
    if response.status_code in (401, 403) or "error" in body:
        raise Stopped(NOT_LET_IN, f"The shop did not let this program in: {words or code}")
    if code in GOODS_GONE:
        raise Stopped(NO_GOODS, f"The goods are gone: {words}")
    if code == "order_price_changed":
        raise Stopped(OTHER_PRICE, f"Nothing was ordered: {words}")
    raise Stopped(REFUSED, f"The shop refused ({code}): {words}")


def once() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def run() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("shop")
    said.add_argument("--app", help="client_id of a registered app; without it QUANZI_TOKEN is used")
    said.add_argument("--words", default="", help="part of the name of the goods")
    wanted = said.parse_args()
    shop, token = wanted.shop.rstrip("/"), os.environ.get("QUANZI_TOKEN", "").strip()
    if not shop.startswith(("http://", "https://")):
        raise Stopped(WRONG_CALL, "Give the shop's whole address, such as http://127.0.0.1:8000")
    if not wanted.app and not (token.isascii() and token.isprintable() and token):
        raise Stopped(WRONG_CALL, "Put a token of the shop into QUANZI_TOKEN, or name an app with --app.")
    headers = {"Authorization": f"Bearer {sign_in(shop, wanted.app) if wanted.app else token}", "Accept-Language": "en"}
    with httpx.Client(base_url=f"{shop}/api/v1", headers=headers, timeout=30) as client:
        card = buy(client, wanted.words)
    if card["state"] != "paid":
        raise Stopped(REFUSED, f"Order {card['number']} is {card['state']}, not yet paid.")
    print(f"Order {card['number']} is paid.")


def main() -> int:
    """Buy, and say in one sentence why not when it did not come to that."""
    try:
        run()
    except Stopped as why:
        print(why, file=sys.stderr)
        return why.code
    except httpx.TransportError as broken:
        print(f"{broken.request.url.host} cannot be reached: {broken}", file=sys.stderr)
        return NO_SHOP
    return 0


if __name__ == "__main__":
    sys.exit(main())
