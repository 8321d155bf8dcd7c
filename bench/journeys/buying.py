"""Journeys of people who buy: into the cart, an order, a whole purchase, a seat in a team, a flash sale."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench import goods, limits, wrk
from bench.buyers import Buyer, Tally, at, looping, outcome, together
from bench.journeys.journey import Journey, Load, Outcome, Request
from bench.lines import Line, Pause, Steps
from bench.stage import Person, Stage

BUYERS, JOINERS, CROWD, CONNECTIONS = 8, 16, 64, 32
MOST_ORDERS_A_SECOND = 2_000
FLASH_UNITS, FLASH_ATTEMPTS = 1_000, 10_000
PAID_WITHIN_S, LOOK_EVERY_S = 10.0, 0.025


def adding(stage: Stage) -> list[Request]:
    """The form of the product page, by members, each for goods of their own choice."""
    goods.empty_carts(stage)
    skus = stage.spread(4 * stage.sizes.products, 20 * len(stage.members))
    return [
        Request(
            "/cart",
            "POST",
            {**Stage.BROWSER, "Cookie": one.cookie, "Content-Type": "application/x-www-form-urlencoded"},
            urlencode({"act": "add", "sku": sku, "quantity": 1, "csrfmiddlewaretoken": one.csrf}),
        )
        for one, sku in zip(stage.members * 20, skus, strict=True)
    ]


class Place:
    """An order of one line, delivered; nothing but the order. Sent by wrk, each with a key of its own and never twice."""

    key, title, aim = "place-order", "place an order, JSON", None

    def run(self, stage: Stage, *, seconds: float) -> Outcome:
        shelf, people = goods.shelf(stage, 64, units=10_000), stage.members
        asked = [
            _order(people[place % len(people)], shelf[place * 7 % len(shelf)])
            for place in range(round(seconds * MOST_ORDERS_A_SECOND))
        ]
        return wrk.run(asked, port=stage.port, seconds=seconds, connections=CONNECTIONS, once=True)

    def asked(self, stage: Stage) -> list[limits.Asked]:
        """The statements of a fresh order; pgbench gives each run a key and a number of its own."""
        shelf, found = goods.shelf(stage, 64, units=10_000), []
        for place, person in enumerate(stage.members[:BUYERS]):
            found += limits.ask([_order(person, shelf[place])], times=1)
        return [one.made_fresh("number", "idempotency_key") for one in found]


class Purchase:
    """Cart, address, order, payment at the simulated provider, paid: eight buyers, each again and again."""

    key, title, aim = "purchase", "whole purchase, paid", 76.0

    def asked(self, stage: Stage) -> list[limits.Asked]:
        return []

    def run(self, stage: Stage, *, seconds: float) -> Outcome:
        goods.empty_carts(stage)
        shelf = goods.shelf(stage, 64, units=10_000)
        buyers = [Buyer(stage, person) for person in stage.members[:BUYERS]]
        acts = []
        for place, buyer in enumerate(buyers):
            goods.address_of(buyer.id)
            acts.append(looping(_Purchases(stage, buyer, _round(shelf, place)).one, seconds=seconds))
        found = outcome(*together(acts))
        return replace(found, notes=f"{_each(buyers)}; {found.notes}".removesuffix("; "))


def _each(buyers: list[Buyer]) -> str:
    spans = [span for buyer in buyers for span in buyer.spans]
    return f"each request of it within {at(spans, 0.99):.0f} ms (p99)"


@dataclass
class _Purchases:
    stage: Stage
    buyer: Buyer
    wares: Iterator[goods.Ware]
    desk: Line | None = None

    def one(self) -> Steps[bool]:
        ware, buyer = next(self.wares), self.buyer
        yield from buyer.must("POST", "/cart", {"sku_id": ware.sku_id, "quantity": 1})
        address = (yield from buyer.must("GET", "/me/addresses"))[0]["id"]
        number = (yield from _placed(buyer, ware, address, from_cart=True))["number"]
        payment = yield from buyer.must("POST", f"/orders/{number}/payments", {"provider": "paysim"}, **_key())
        yield from self._pay(payment["pay_url"])
        until = time.monotonic() + PAID_WITHIN_S
        while time.monotonic() < until:
            yield Pause(LOOK_EVERY_S)
            found = yield from buyer.must("GET", f"/payments/{payment['number']}")
            if found["state"] == "captured":
                return True
        raise RuntimeError(f"{number} was not paid within {PAID_WITHIN_S:g} s")

    def _pay(self, url: str) -> Steps[None]:
        parts = urlsplit(url)
        self.desk = self.desk or Line(
            parts.port or 80, "User-Agent: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        )
        status, _ = yield from self.desk.ask("POST", parts.path, b"choice=pay")
        if status >= 400:
            raise RuntimeError(f"the provider answered {status}")


class Join:
    """A seat in a team that somebody opened; opening, once for nine seats, is not counted."""

    key, title, aim = "team-join", "join a team, JSON", None

    def asked(self, stage: Stage) -> list[limits.Asked]:
        return []

    def run(self, stage: Stage, *, seconds: float) -> Outcome:
        deals = goods.deals(stage, 8)
        people = [Buyer(stage, one) for one in stage.crowd(JOINERS * goods.TEAM_SIZE)]
        acts = []
        for place in range(JOINERS):
            crew = people[place * goods.TEAM_SIZE : (place + 1) * goods.TEAM_SIZE]
            acts.append(_joining(crew, deals[place % len(deals)], until=seconds))
        return outcome(*together(acts))


def _joining(crew: list[Buyer], deal: goods.Deal, *, until: float) -> Callable[[Tally], Steps[None]]:
    """The first of the crew opens a team, the others take seats in it."""

    def loop(tally: Tally) -> Steps[None]:
        wishes = [deal.wish(goods.address_of(one.id)) for one in crew]
        end = time.perf_counter() + until
        while time.perf_counter() < end:
            opened = yield from crew[0].must("POST", f"/deals/{deal.id}/teams", wishes[0], **_key())
            for buyer, wish in zip(crew[1:], wishes[1:], strict=True):
                yield from tally.timed(_joined(buyer, opened["team"], wish))

    return loop


def _joined(buyer: Buyer, team: str, wish: dict[str, object]) -> Steps[bool]:
    status, _ = yield from buyer.ask("POST", f"/teams/{team}/seats", wish, **_key())
    return status == 201


class Flash:
    """Sixty-four buyers want the same thing: a thousand units, ten thousand attempts. Counted are orders, until it is sold out."""

    key, title, aim = "flash", "flash sale: orders of one SKU", 300.0

    def asked(self, stage: Stage) -> list[limits.Asked]:
        return []

    def run(self, stage: Stage, *, seconds: float) -> Outcome:
        ware = goods.fresh(f"flash-{secrets.token_hex(4)}", units=FLASH_UNITS)
        told: list[str] = []
        people = (stage.members * CROWD)[:CROWD]
        acts = [_rushing(Buyer(stage, one), ware, goods.address_of(one.id), told) for one in people]
        tally, seconds_taken = together(acts)
        sold = goods.sold(ware.sku_id)
        if (len(tally.spans), sold) != (FLASH_UNITS, FLASH_UNITS) or set(told) != {"sold_out"} or tally.broken:
            raise RuntimeError(
                f"told {len(tally.spans)} sold, {sold} are; others heard {set(told)}; {tally.broken[:3]}"
            )
        notes = f"{sold:,} sold, {len(told):,} told sold out, those within {at(tally.refused, 0.99):.0f} ms (p99)"
        return replace(outcome(tally, seconds_taken, notes), refused=0)


def _rushing(buyer: Buyer, ware: goods.Ware, address: int, told: list[str]) -> Callable[[Tally], Steps[None]]:
    def act() -> Steps[bool]:
        status, heard = yield from buyer.ask("POST", "/orders", _wish(ware, address), **_key())
        if status == 201:
            return True
        told.append(heard["code"])
        return False

    def loop(tally: Tally) -> Steps[None]:
        for _ in range(FLASH_ATTEMPTS // CROWD + 1):
            yield from tally.timed(act())

    return loop


def _order(person: Person, ware: goods.Ware) -> Request:
    return Request(
        "/api/v1/orders", "POST",
        {**Stage.BROWSER, "Cookie": person.cookie, "X-CSRFToken": person.csrf, "Content-Type": "application/json",
         "Idempotency-Key": secrets.token_hex(12)},
        goods.as_json(_wish(ware, goods.address_of(person.id))),
    )  # fmt: skip


def _wish(ware: goods.Ware, address: int) -> dict[str, object]:
    return {
        "lines": [{"sku_id": ware.sku_id, "quantity": 1}],
        "method": "delivery",
        "address_id": address,
        "expected_amount_minor": ware.delivered_minor,
        "provider": "paysim",
    }


def _placed(buyer: Buyer, ware: goods.Ware, address: int, *, from_cart: bool = False) -> Steps[Any]:
    return buyer.must("POST", "/orders", {**_wish(ware, address), "from_cart": from_cart}, **_key())


def _key() -> dict[str, str]:
    """A key of its own for each thing that is done."""
    return {"Idempotency_Key": secrets.token_hex(12)}


def _round(shelf: list[goods.Ware], place: int) -> Iterator[goods.Ware]:
    """Everybody goes through the shelf from a place of their own."""
    return (shelf[(place * 7 + step) % len(shelf)] for step in count())


JOURNEYS: list[Journey] = [
    Load("cart-add", "add to cart, member", adding, aim=470),
    Place(),
    Purchase(),
    Join(),
    Flash(),
]
