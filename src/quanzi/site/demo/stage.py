"""The demo's stage: who and what exists so far, and short verbs that call the real services at a given moment."""

from __future__ import annotations

import json
import random
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from quanzi.base.events.services import deliver_pending
from quanzi.base.media.models import Picture
from quanzi.base.media.rules import AVATAR
from quanzi.base.media.services import Prepared, keep_picture, prepare
from quanzi.community.circles.models import Circle
from quanzi.goods.catalogue.models import Product, Sku
from quanzi.goods.stock import services as stock
from quanzi.growth.sources.models import Source
from quanzi.growth.sources.services import join_visitor, record_touch
from quanzi.people.accounts.models import Address, Member
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.models import GroupDeal, Team
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.payments.services import pay_offline
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderLine, OrderOrigin, PickupPoint

PICTURES = Path(__file__).with_name("pictures")
CARRIER = "顺丰"


class Studio:
    """Encodes the pictures in threads while the story goes on; they are what takes longest."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=2)
        faces = sorted(PICTURES.glob("face-*.webp"))
        others = sorted(set(PICTURES.glob("*.webp")) - set(faces))
        self._begun: dict[tuple[str, str], Future[Prepared]] = {
            (path.stem, AVATAR): self._begin(path.stem, AVATAR) for path in faces
        }
        self._begun |= {(path.stem, ""): self._begin(path.stem, "") for path in others}

    def _begin(self, name: str, purpose: str) -> Future[Prepared]:
        return self._pool.submit(prepare, data=(PICTURES / f"{name}.webp").read_bytes(), purpose=purpose)

    def take(self, name: str, purpose: str) -> Prepared:
        """The picture, when it is ready."""
        begun = self._begun.get((name, AVATAR if purpose == AVATAR else "")) or self._begin(name, purpose)
        return replace(begun.result(), purpose=purpose)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


class Stage:
    """Holds what was made, by the keys of the texts. Chance is seeded, so every demo shop tells the same story."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.chance = random.Random(20261121)
        self.people: dict[str, Member] = {}
        self.staff: dict[str, Member] = {}
        self.goods: dict[str, Product] = {}
        self.skus: dict[str, Sku] = {}
        self.circles: dict[str, Circle] = {}
        self.points: dict[str, PickupPoint] = {}
        self.deals: dict[str, GroupDeal] = {}
        self.sources: dict[str, Source] = {}
        self.addresses: dict[str, Address] = {}
        self._pictures: dict[str, Picture] = {}
        self._keys = count(1)
        self._studio = Studio()
        self._alts = {entry["file"]: entry["alt_zh"] for entry in json.loads((PICTURES / "index.json").read_text())}

    def close(self) -> None:
        """Stop what still works in the background."""
        self._studio.close()

    def ago(self, days: float) -> datetime:
        """A moment `days` before now."""
        return self.now - timedelta(days=days)

    def key(self) -> str:
        """A new idempotency key."""
        return f"demo-{next(self._keys)}"

    def picture(self, name: str, *, purpose: str, owner: Member | None = None) -> Picture:
        """A picture of the set, stored once through the media room."""
        if name not in self._pictures:
            self._pictures[name] = keep_picture(
                prepared=self._studio.take(name, purpose), owner_id=owner.pk if owner else None,
                alt=self._alts.get(f"{name}.webp", ""), now=self.now,
            )  # fmt: skip
        return self._pictures[name]

    def arrive(self, who: Member | None, source: Source, at: datetime, *, visitor: str = "") -> None:
        """A browser comes through a source; with `who`, it turns out to be theirs and they are new."""
        key = visitor or f"demo-visitor-{next(self._keys):06d}"
        record_touch(visitor_key=key, source=source, path=source.target, now=at - timedelta(minutes=4))
        if who is not None:
            join_visitor(visitor_key=key, member_id=who.pk, is_new=True, now=at)

    def restock(self, key: str, quantity: int, at: datetime, *, lot_id: int | None = None) -> None:
        stock.receive(
            sku_id=self.skus[key].pk,
            quantity=quantity,
            lot_id=lot_id,
            key=self.key(),
            reason="demo",
            actor="system",
            now=at,
        )

    def ordering(self, who: str, at: datetime) -> dict[str, Any]:
        """How this person gets goods: at home when they gave an address, else at their station."""
        if who in self.addresses:
            return {"method": DeliveryMethod.DELIVERY, "address_id": self.addresses[who].pk}
        point = self.points["gudang" if who in ("p25", "p30", "p33", "zhoushu") else "jinxiu"]
        return {"method": DeliveryMethod.PICKUP, "pickup_point_id": point.pk}

    def buy(self, who: str, basket: dict[str, int], at: datetime) -> Order:
        """Order and pay."""
        lines = [(self.skus[key].pk, quantity) for key, quantity in basket.items()]
        order = sales.place_order(
            member=self.people[who], lines=lines, idempotency_key=self.key(), origin=OrderOrigin.DEMO,
            now=at, **self.ordering(who, at),
        )  # fmt: skip
        self.pay(order, at + timedelta(minutes=2))
        return order

    def pay(self, order: Order, at: datetime) -> None:
        pay_offline(
            payable_kind="order", payable_id=order.pk, member_id=order.member_id, reference=f"demo-{order.number}",
            actor="system", idempotency_key=self.key(), now=at,
        )  # fmt: skip
        deliver_pending(now=at)

    def open_team(self, who: str, deal: str, at: datetime) -> Team:
        team, order = deals.open_team(
            deal_id=self.deals[deal].pk, member=self.people[who], idempotency_key=self.key(), origin=OrderOrigin.DEMO,
            now=at, **self.ordering(who, at),
        )  # fmt: skip
        self.pay(order, at + timedelta(minutes=1))
        return team

    def join_team(self, who: str, team: Team, at: datetime, *, invited_by: str | None = None) -> Order:
        _, order = deals.join_team(
            team_code=team.code, member=self.people[who], idempotency_key=self.key(), origin=OrderOrigin.DEMO,
            invited_by_id=self.people[invited_by].pk if invited_by else None, now=at, **self.ordering(who, at),
        )  # fmt: skip
        self.pay(order, at + timedelta(minutes=1))
        return order

    def hand_over(self, order: Order, at: datetime) -> None:
        """Prepare the goods and give them to the buyer, at the station or by a carrier."""
        row = Fulfilment.objects.get(order=order)
        if order.method == DeliveryMethod.PICKUP:
            fulfilment.make_ready(fulfilment_id=row.pk, actor="system", now=at - timedelta(hours=3))
            row.refresh_from_db()
            leader = order.pickup_point.leader if order.pickup_point else self.staff["cangguan"]
            fulfilment.hand_over(fulfilment_id=row.pk, actor_member=leader, code=row.pickup_code, now=at)
        else:
            fulfilment.ship(
                fulfilment_id=row.pk, actor_member=self.staff["cangguan"], carrier=CARRIER,
                tracking=f"SF{order.pk:010d}", now=at - timedelta(days=1),
            )  # fmt: skip
            sales.confirm_receipt(order_id=order.pk, member=order.member, now=at)
        deliver_pending(now=at)

    def keep(self, order: Order, at: datetime, *, but: str = "") -> list[OrderLine]:
        """The buyer says that they keep the lines (all but one kind of goods)."""
        kept = []
        for line in order.lines.exclude(product__slug=but).filter(returned_at=None, kept_at=None):
            sales.say_kept(line_id=line.pk, member=order.member, now=at)
            kept.append(line)
        deliver_pending(now=at)
        return kept
