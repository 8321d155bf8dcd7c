"""From rows of the queries to what the components draw."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from quanzi.faces.ui import formats
from quanzi.goods.catalogue.models import NEEDS_WORD, ReturnRule, StorageCondition
from quanzi.goods.catalogue.queries import LotNote
from quanzi.goods.pricing.building import Made
from quanzi.goods.pricing.services import PricedLine
from quanzi.growth.discovery.queries import PathStep
from quanzi.growth.discovery.queries.discover import ShelfCard
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.trust.queries import TieLabel
from quanzi.trade.aftersales.queries import SolvedNote
from quanzi.trade.deals.queries import DealOffer, Face, TeamCard, faces_of
from quanzi.trade.experiences.told import Told

FACES = 4

Row = tuple[str, Money, str]
"""A line of `ui.build_up`: name, amount, kind."""


class Labelled(Protocol):
    """A step of a price that carries its reason in both languages."""

    @property
    def label_zh(self) -> str: ...
    @property
    def label_en(self) -> str: ...


def is_chinese() -> bool:
    """Whether the reader reads Chinese, the first language."""
    return (get_language() or "zh").startswith("zh")


def label_of(step: Labelled) -> str:
    """The reason of a price step in the reader's language."""
    return step.label_zh if is_chinese() else step.label_en or step.label_zh


def either(zh: str, en: str) -> str:
    """The stored text in the reader's language; the Chinese one where nobody wrote English."""
    return zh if is_chinese() or not en else en


def deal_rows_of(teams: Collection[TeamCard], *, viewer: Member | None) -> list[dict[str, Any]]:
    """Teams with a free seat and the faces of who is in, for `ui.deal_row`."""
    faces = faces_of([team.id for team in teams], viewer=viewer) if teams else {}
    return [deal_row_of(team, faces[team.id]) for team in teams]


def deal_row_of(team: TeamCard, faces: Sequence[Face] = ()) -> dict[str, Any]:
    """One team; without faces its opener stands for all."""
    opener = [{"name": team.opener_name, "avatar": team.opener_avatar}] if team.opener_name else []
    return {
        "href": reverse("storefront:team", args=[team.code]),
        "title": title_of(team.offer),
        "pic": team.offer.picture,
        "price": team.reached,
        "alone": team.offer.single_price if team.reached < team.offer.single_price else None,
        "people": faces[:FACES] or opener,
        "seats_left": team.free,
        "words": _beyond(team) if team.next_step is not None and not team.missing else "",
        "closes_at": team.deadline,
    }


def _beyond(team: TeamCard) -> str:
    """A ladder that has enough people: what more of them would make of the price."""
    step = team.next_step
    assert step is not None
    more = step.people - team.paid
    words = ngettext("Made; %(amount)s with %(num)d more", "Made; %(amount)s with %(num)d more", more)
    return words % {"num": more, "amount": step.price}


def ladder_of(offer: DealOffer) -> list[tuple[int, Money]]:
    """Steps for `ui.ladder`."""
    return [(step.people, step.price) for step in offer.steps]


def title_of(offer: DealOffer) -> str:
    """Goods of a deal with their variant."""
    return " · ".join([offer.product_name, *offer.options.values()])


def card_of(shelf: ShelfCard, team_prices: dict[int, Money] | None = None) -> dict[str, Any]:
    """Goods on a shelf, for `ui.product_card`. team_prices: by product, where a group deal is open."""
    product, proof = shelf.product, shelf.proof
    return {
        "id": product.id,
        "href": reverse("storefront:product", args=[product.slug]),
        "slug": product.slug,
        "title": product.name,
        "second": product.origin or product.maker_name or None,
        "pic": product.picture,
        "price": product.price_from,
        "kept": proof.kept,
        "returned": proof.returned,
        "keepers": proof.people,
        "kept_by": kept_by(proof.people, proof.known_kept) if proof.people else None,
        "team_price": (team_prices or {}).get(product.id),
    }


def kept_by(people: Sequence[PathStep], count: int) -> str:
    """ "Xiaoyu kept it", "Xiaoyu and 2 more you know kept it". Only people who may be named are."""
    others = count - 1
    if others < 1:
        return gettext("%(name)s kept it") % {"name": people[0].name}
    return ngettext("%(name)s and %(n)d more you know kept it", "%(name)s and %(n)d more you know kept it", others) % {
        "name": people[0].name,
        "n": others,
    }


def names_of(people: Collection[PathStep]) -> str:
    """Names in a row, joined as the reader's language does."""
    names = [one.name for one in people]
    if is_chinese():
        return "、".join(names)
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def build_up_of(alone: PricedLine, together: PricedLine | None, *, currency: str, team_size: int = 0) -> list[Row]:
    """How the price alone and the price together came about, from one list price to the figures on the buttons."""
    rows: list[Row] = []
    if alone.steps:
        rows.append((gettext("List price"), Money(alone.list_minor, currency), ""))
        rows += [(label_of(step), Money(step.amount_minor, currency), "") for step in alone.steps]
    rows.append((gettext("Alone"), Money(alone.total_minor, currency), "sum"))
    if together is not None:
        goes_on = together.steps[: len(alone.steps)] == alone.steps
        if not goes_on:
            rows.append((gettext("List price"), Money(together.list_minor, currency), ""))
        more = together.steps[len(alone.steps) :] if goes_on else together.steps
        rows += [(label_of(step), Money(step.amount_minor, currency), "") for step in more]
        rows.append((gettext("Team of %(n)d, each") % {"n": team_size}, Money(together.total_minor, currency), "sum"))
    return rows


def made_of(made: Made, price: Money) -> list[Row]:
    """The parts of a price for `ui.build_up`; they sum exactly to it."""
    margin = made.margin_minor(price.minor)
    parts = [
        (gettext("Goods, to the maker"), made.goods_minor),
        (gettext("Delivery and packing"), made.delivery_minor),
        (gettext("The leader"), made.leader_minor),
        (gettext("The shop") if margin >= 0 else gettext("The shop adds"), margin),
    ]
    rows = [(name, Money(minor, price.currency), "") for name, minor in parts if minor or name == parts[0][0]]
    return [*rows, (gettext("Price of one"), price, "total")]


def told_of(row: Told, tie: TieLabel | None, solved: SolvedNote | None = None) -> dict[str, Any]:
    """One experience below the goods."""
    return {
        "href": reverse("storefront:post", args=[row.post_id]),
        "author": {"pk": row.member_id, "name": row.name, "avatar": row.avatar},
        "tie": tie.words if tie else None,
        "stars": row.stars,
        "got_sample": row.got_sample,
        "title": row.title,
        "body": row.body[:240],
        "pictures": row.pictures[:4],
        "written_at": row.created_at,
        "solved": solved,
        "useful": ngettext("%(n)d found this useful", "%(n)d found this useful", row.useful) % {"n": row.useful}
        if row.useful
        else None,
    }


def duration(minutes: int) -> str:
    """How long a team has, as people say it."""
    if minutes % (24 * 60) == 0:
        return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def promise_of(rule: str, claim_hours: int, return_days: int) -> dict[str, str]:
    """What happens when goods are bad, by the rule of the product."""
    titles = {
        ReturnRule.FRESH: gettext("What is bad is paid back"),
        ReturnRule.SEVEN_DAYS: gettext("Send it back within %(days)d days, without a reason") % {"days": return_days},
        ReturnRule.MADE_TO_ORDER: gettext("Made for you: faults are paid back"),
        ReturnRule.DIGITAL: gettext("Not to be sent back once opened: faults are paid back"),
        ReturnRule.PRESS: gettext("Not to be sent back: faults are paid back"),
    }
    returns = titles[ReturnRule.SEVEN_DAYS]
    told = gettext("Tell us with a photo within %(hours)d hours of receipt; for a fault nothing needs to be sent back.")
    held = gettext("Your money is held first, and goes to the shop only when you keep the goods.")
    return {
        "title": titles.get(ReturnRule(rule), returns),
        "text": f"{told % {'hours': claim_hours}}{'' if is_chinese() else ' '}{held}",
        "law": withdrawal_of(rule),
    }


def withdrawal_of(rule: str, *, gave_up: bool | None = None) -> str:
    """Whether the seven-day return holds, and if not, by which exception of the law. gave_up: for an order, whether its buyer did."""
    exceptions = {
        ReturnRule.FRESH: gettext("fresh and perishable goods"),
        ReturnRule.MADE_TO_ORDER: gettext("goods made to order"),
        ReturnRule.DIGITAL: gettext("downloads, unsealed recordings and software"),
        ReturnRule.PRESS: gettext("newspapers and periodicals"),
    }
    if rule in NEEDS_WORD and gave_up:
        return gettext("Seven-day return without a reason: no. You confirmed it for this purchase: %(kind)s.") % {
            "kind": given_up_for(rule)
        }
    if rule in NEEDS_WORD and gave_up is None:
        return gettext(
            "Seven-day return without a reason: yes, unless you confirm at checkout that you give it up (%(kind)s)."
        ) % {"kind": given_up_for(rule)}
    if rule not in exceptions:
        return gettext("Seven-day return without a reason: yes")
    return gettext("Seven-day return without a reason: no. The law excepts %(kind)s.") % {
        "kind": exceptions[ReturnRule(rule)]
    }


def given_up_for(rule: str) -> str:
    """Why the law lets a buyer give the seven days up for one purchase; empty where it does not let them."""
    reasons = {
        ReturnRule.OPENED: gettext("once opened, it may harm health or is no longer the same"),
        ReturnRule.ACTIVATED: gettext("once activated or tried, it loses much of its worth"),
        ReturnRule.NEAR_EXPIRY: gettext("sold near its expiry, as the page says"),
        ReturnRule.FLAWED: gettext("sold with a flaw that the page tells"),
    }
    return reasons.get(ReturnRule(rule), "")


def lot_facts(lot: LotNote | None, now: datetime) -> list[tuple[str, str]]:
    """The lot that is handed out next, as names and values."""
    if lot is None:
        return []
    lang = "zh" if is_chinese() else "en"
    rows = [(gettext("Lot"), lot.code)]
    if lot.made_on:
        rows.append((gettext("Harvested or made"), formats.day(lot.made_on, lang=lang, now=now)))
    if lot.expires_at:
        rows.append((gettext("Best before"), formats.last_day(lot.expires_at, lang=lang, now=now)))
    rows.append((gettext("Storage"), str(StorageCondition(lot.storage).label)))
    return rows
