"""Reading chains into plain rows, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.queries.cards import first_pictures
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids
from quanzi.trade.chains import policies, rules
from quanzi.trade.chains.models import Chain, ChainGood, SignUp
from quanzi.trade.sales.models import OrderLine, OrderState

MOST = 100


@dataclass(frozen=True, slots=True)
class ChainCard:
    """A chain in a list. people: who is in it now; takes_people: one may sign up now."""

    id: int
    code: str
    title: str
    opener_name: str
    circle_name: str
    circle_slug: str
    state: str
    closes_at: datetime
    people: int
    takes_people: bool


@dataclass(frozen=True, slots=True)
class GoodRow:
    """wanted: units in the whole list; mine: those of the viewer. return_rule: of the product, as it stands now."""

    sku_id: int
    title: str
    product_slug: str
    picture: Picture | None
    price: Money
    single_price: Money
    wanted: int
    mine: int
    return_rule: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One number of the list. name is left out where one of the two blocked the other; lines: (title, quantity)."""

    number: int
    name: str
    avatar: Picture | None
    words: str
    lines: tuple[tuple[str, int], ...]
    is_paid: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class MySignUp:
    """order_state: "placed" while it waits for payment."""

    number: int
    order_number: str
    order_state: str
    amount: Money
    words: str


@dataclass(frozen=True, slots=True)
class ChainPage:
    """A chain with its list. paid: how many have paid; may_keep: the viewer prints, reminds; is_keeper: and calls it off."""

    card: ChainCard
    note: str
    point_name: str
    point_address: str
    opened_at: datetime
    pay_until: datetime
    ended_at: datetime | None
    end_reason: str
    is_reminded: bool
    goods: tuple[GoodRow, ...]
    signed: tuple[Signed, ...]
    paid: int
    mine: MySignUp | None
    may_keep: bool
    is_keeper: bool


def find_chain(code: str, *, viewer: Member | None) -> Chain | None:
    """A chain by its code; None when there is none or the viewer is not of its circle."""
    found = Chain.objects.select_related("circle", "opener", "point").filter(code=code).first()
    return found if found is not None and policies.may_see(viewer, found.circle) else None


def chains_of(
    *, circle_id: int, only_open: bool = False, before: int | None = None, limit: int = 20, now: datetime
) -> list[ChainCard]:
    """Chains of a circle, newest first, for whoever may see them; `before` is the id of the last one seen."""
    found = Chain.objects.filter(circle_id=circle_id).select_related("circle", "opener")
    if only_open:
        found = found.filter(state="open", closes_at__gt=now)
    if before is not None:
        found = found.filter(pk__lt=before)
    chains = list(found.order_by("-id")[: max(1, min(limit, MOST))])
    people: dict[int, int] = {}
    for chain_id in SignUp.objects.filter(chain__in=chains, ended_at=None).values_list("chain_id", flat=True):
        people[chain_id] = people.get(chain_id, 0) + 1
    return [_card(chain, people.get(chain.pk, 0), now) for chain in chains]


def chain_page(*, chain: Chain, viewer: Member, now: datetime) -> ChainPage:
    """Five statements, whatever the length of the list."""
    sign_ups = list(
        SignUp.objects.filter(chain=chain, ended_at=None)
        .select_related("member__avatar", "order")
        .order_by("since", "id")
    )
    lines: dict[int, list[OrderLine]] = {}
    for line in OrderLine.objects.filter(order__in=[one.order_id for one in sign_ups]).order_by("id"):
        lines.setdefault(line.order_id, []).append(line)
    hidden, is_keeper = blocked_ids(viewer.pk), policies.is_keeper(viewer, chain)
    signed = tuple(
        _signed(number, one, lines.get(one.order_id, []), viewer, one.member_id in hidden)
        for number, one in enumerate(sign_ups, start=1)
    )
    mine = next((pair for pair in enumerate(sign_ups, start=1) if pair[1].member_id == viewer.pk), None)
    return ChainPage(
        card=_card(chain, len(sign_ups), now),
        note=chain.note,
        point_name=chain.point.name,
        point_address=chain.point.address,
        opened_at=chain.opened_at,
        pay_until=chain.pay_until,
        ended_at=chain.ended_at,
        end_reason=chain.end_reason,
        is_reminded=chain.reminded_at is not None,
        goods=_goods(chain, [line for found in lines.values() for line in found], viewer),
        signed=signed,
        paid=sum(one.is_paid for one in signed),
        mine=_mine(*mine) if mine is not None else None,
        may_keep=is_keeper or policies.helps(viewer),
        is_keeper=is_keeper,
    )


def _card(chain: Chain, people: int, now: datetime) -> ChainCard:
    return ChainCard(
        id=chain.pk,
        code=chain.code,
        title=chain.title,
        opener_name=chain.opener.name,
        circle_name=chain.circle.name,
        circle_slug=chain.circle.slug,
        state=chain.state,
        closes_at=chain.closes_at,
        people=people,
        takes_people=rules.takes_people(state=chain.state, closes_at=chain.closes_at, now=now),
    )


def _goods(chain: Chain, lines: list[OrderLine], viewer: Member) -> tuple[GoodRow, ...]:
    goods = list(ChainGood.objects.filter(chain=chain).select_related("sku__product").order_by("id"))
    pictures = first_pictures({good.sku.product_id for good in goods})
    return tuple(
        GoodRow(
            sku_id=good.sku_id,
            title=variant_title(good.sku.product.name, good.sku.options),
            product_slug=good.sku.product.slug,
            picture=pictures.get(good.sku.product_id),
            price=Money(min(good.price_minor, good.sku.price_minor), good.sku.currency),
            single_price=Money(good.sku.price_minor, good.sku.currency),
            wanted=sum(line.quantity for line in lines if line.sku_id == good.sku_id),
            mine=sum(line.quantity for line in lines if line.sku_id == good.sku_id and line.member_id == viewer.pk),
            return_rule=good.sku.product.return_rule,
        )
        for good in goods
    )


def _signed(number: int, one: SignUp, lines: list[OrderLine], viewer: Member, is_hidden: bool) -> Signed:
    return Signed(
        number=number,
        name="" if is_hidden else one.member.name,
        avatar=None if is_hidden else one.member.avatar,
        words="" if is_hidden else one.words,
        lines=tuple((line.title, line.quantity) for line in lines),
        is_paid=one.order.state != OrderState.PLACED,
        is_mine=one.member_id == viewer.pk,
    )


def _mine(number: int, one: SignUp) -> MySignUp:
    return MySignUp(
        number=number,
        order_number=one.order.number,
        order_state=one.order.state,
        amount=Money(one.order.amount_minor, one.order.currency),
        words=one.words,
    )


def chain_of_order(order_id: int) -> Chain | None:
    """The list that an order stands in; None when in none, or not any more."""
    mine = SignUp.objects.select_related("chain").filter(order_id=order_id, ended_at=None).first()
    return None if mine is None else mine.chain
