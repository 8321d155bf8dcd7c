"""Loads the demo shop into an empty database, through the shop's own services, in about twenty seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import connection

from quanzi.base.events.services import deliver_pending
from quanzi.base.shop import starters
from quanzi.base.shop.models import TextKind
from quanzi.base.shop.services import publish_text, update_shop
from quanzi.growth.searching.services import add_usual_words
from quanzi.site.demo import (
    caring,
    delivering,
    evenings,
    filming,
    fronting,
    hands,
    launches,
    looking,
    offering,
    preordering,
    reading,
    rewarding,
    rounds,
    scene,
    spreading,
    storing,
    story,
    supplying,
    together,
    wanting,
)
from quanzi.site.demo.stage import Stage

MARK = "demo"
"""A file of this name in the data folder says that the shop is a demo; pages then carry a ribbon."""

SHOP_NAME = "禾间"
ABOUT = "社区里的生鲜小店：地里有什么，我们就带什么来；不好的，照样退给你。（演示）"


@dataclass(frozen=True)
class Login:
    role: str
    name: str
    password: str


class Progress(Protocol):
    """Told after each step; `note` says what comes next."""

    def __call__(self, count: int = 1, note: str = "") -> object: ...


def load(*, now: datetime, progress: Progress) -> None:
    """Fill an empty shop. Dates count back from now; chance is seeded, so that every demo tells the same story."""
    stage = Stage(now)
    try:
        with _unhurried_disk():
            _tell(stage, progress)
    finally:
        stage.close()
    _introduce(now)
    (settings.QUANZI_HOME / MARK).write_text(SHOP_NAME, encoding="utf-8")


def _introduce(now: datetime) -> None:
    """What the shop says of itself. No merchant and no licence: nobody sells here, and the page about the shop says so."""
    update_shop(actor="demo", now=now, name=SHOP_NAME, about=ABOUT, phone="400-000-0000", hours="每天 9:00–20:00")
    add_usual_words(actor="demo", now=now)
    for kind in TextKind.values:
        publish_text(
            kind=kind, body=starters.draft(kind, "zh"), body_en=starters.draft(kind, "en"), actor="demo", now=now
        )


def _tell(stage: Stage, progress: Progress) -> None:
    progress(note="people, goods, circles")
    scene.set_up(stage)
    scene.deliver_lots(stage)
    scene.open_deals(stage)
    supplying.supply_shop(stage)
    for step in story.STEPS:
        progress(note="eight weeks of orders")
        step(stage)
    rounds.open_rounds(stage)
    preordering.plan_batches(stage)
    launches.plan_launches(stage)
    together.buy_together(stage)
    spreading.give_samples(stage)
    storing.open_stores(stage)
    delivering.deliver(stage)
    caring.care(stage)
    fronting.arrange(stage)
    evenings.meet(stage)
    hands.pretend(stage)
    reading.read(stage)
    filming.film(stage)
    offering.offer(stage)
    wanting.want(stage)
    rewarding.reward(stage)
    looking.look(stage)
    deliver_pending(now=stage.now)


@contextmanager
def _unhurried_disk() -> Iterator[None]:
    """Commits do not wait for the disk: after a power cut the demo is begun again anyway."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")


def logins() -> list[Login]:
    """Who can be tried: a member, a leader, an operator, and the other roles of staff. Nobody when this is no demo shop."""
    if not (settings.QUANZI_HOME / MARK).exists():
        return []
    people = [
        ("member", "xiaoyu"), ("leader", "wang"), ("operator", "zhoumin"), ("owner", "owner"),
        ("fulfilment", "cangguan"), ("support", "kefu"), ("finance", "caiwu"), ("moderator", "banzhu"), ("supplier", supplying.LOGIN),
    ]  # fmt: skip
    return [Login(role, f"{key}@{scene.MAIL}", scene.PASSWORD) for role, key in people]
