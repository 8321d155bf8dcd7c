"""Orders that a launch, a brand day, a numbered piece or a question to friends makes: what their checkout asks
for, and the service that places them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.storefront.shopping.parsing import lines_in, quantity_in
from quanzi.faces.storefront.viewing import id_in
from quanzi.people.accounts.models import Member
from quanzi.trade.launches.queries import day_page, edition_page, launch_page
from quanzi.trade.launches.services import order_of_day, order_piece, order_turn
from quanzi.trade.polls.buying import order_held
from quanzi.trade.polls.errors import NoSuchPoll
from quanzi.trade.polls.queries import find_poll
from quanzi.trade.sales.models import Order


@dataclass(frozen=True)
class Special:
    """fields: what the form sends back; context: what price rules hear; back: where it was chosen.

    is_set_aside: its goods are held for this very order, so that what is free of them says nothing. place: takes what
    every order needs beside. said: which of the goods they are.
    """

    lines: tuple[tuple[int, int], ...]
    fields: tuple[tuple[str, str], ...]
    context: dict[str, Any]
    back: str
    is_set_aside: bool
    place: Callable[..., Order]
    said: str = ""


def special_of(asked: QueryDict, *, member: Member, now: datetime) -> Special | None:
    """What the address or the form asks for; None for an ordinary order. Raises NotFound, BadQuantity."""
    if "launch" in asked:
        return _turn(asked, member, now)
    if "poll" in asked:
        return _held(asked, member)
    if "piece" in asked:
        return _piece(asked, member)
    if "day" in asked and asked.getlist("line"):
        return _of_day(asked, member, now)
    return None


def _turn(asked: QueryDict, member: Member, now: datetime) -> Special:
    launch = launch_page(code=asked.get("launch", ""), viewer=member, now=now).launch
    quantity = quantity_in(asked.get("quantity", "1"))
    return Special(
        lines=((launch.sku_id, quantity),),
        fields=(("launch", launch.code), ("quantity", str(quantity))),
        context={"launch_id": launch.id},
        back=reverse("storefront:launch", args=[launch.code]),
        is_set_aside=True,
        place=partial(order_turn, launch_id=launch.id, quantity=quantity),
    )


def _of_day(asked: QueryDict, member: Member, now: datetime) -> Special:
    day = day_page(slug=asked.get("day", ""), viewer=member, now=now).day
    lines = tuple(lines_in(asked.getlist("line")))
    return Special(
        lines=lines,
        fields=(*(("line", f"{sku_id}:{quantity}") for sku_id, quantity in lines), ("day", day.slug)),
        context={"day_id": day.id},
        back=reverse("storefront:day", args=[day.slug]),
        is_set_aside=False,
        place=partial(order_of_day, day_id=day.id, lines=lines),
    )


def _held(asked: QueryDict, member: Member) -> Special:
    poll = find_poll(asked.get("poll", ""), viewer_id=member.pk)
    good = poll.goods.filter(pk=id_in(asked.get("good")) or 0).first()
    if good is None or poll.asker_id != member.pk:
        raise NoSuchPoll
    return Special(
        lines=((good.sku_id, 1),),
        fields=(("poll", poll.code), ("good", str(good.pk))),
        context={"poll_good_id": good.pk},
        back=reverse("storefront:asked", args=[poll.code]),
        is_set_aside=good.lost_at is None,
        place=partial(order_held, poll=poll, good_id=good.pk),
    )


def _piece(asked: QueryDict, member: Member) -> Special:
    page = edition_page(code=asked.get("piece", ""), viewer=member)
    edition, number = page.edition, id_in(asked.get("number"))
    return Special(
        lines=((edition.sku_id, 1),),
        fields=(("piece", edition.code), *((("number", str(number)),) if number else ())),
        context={"apart": edition.sku_id},
        back=reverse("storefront:edition", args=[edition.code]),
        is_set_aside=True,
        place=partial(order_piece, edition_id=edition.id, number=number),
        said=gettext("No. %(n)d of %(size)d") % {"n": number, "size": edition.size} if number else "",
    )
