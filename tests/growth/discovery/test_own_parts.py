"""A member's page is put together from the page that all share and from what is theirs; its twin is drawn for them alone, by plain reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quanzi.base import unwritten
from quanzi.community.circles.models import Circle
from quanzi.community.circles.services import ask_to_join, leave
from quanzi.faces.ui import places
from quanzi.faces.ui.remembered import pieces
from quanzi.goods.catalogue.models import ProductPicture, Sku
from quanzi.goods.catalogue.services import publish
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, ConsentText, Purpose
from quanzi.people.contact.services import decide
from quanzi.people.safety.services import block, mute
from quanzi.people.trust.services import set_hidden, withdraw_tie
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.sales.services import add_to_cart, say_kept
from tests.faces.storefront.browsing import browser
from tests.factories.community import make_circle, make_post
from tests.factories.deals import make_deal, open_team, pay
from tests.factories.goods import bring_in, make_lot, make_maker, make_picture, make_product, make_sku
from tests.factories.people import befriend, make_address, make_member
from tests.factories.stations import HOUR, make_round, make_station
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class World:
    """People and goods that show each other: me; my sister; her friend; a stranger; two circles of mine, one closed."""

    me: Member
    sister: Member
    friend: Member
    stranger: Member
    sku: Sku
    village: Circle
    closed: Circle


@pytest.fixture
def world() -> World:
    pieces.clear()
    me, sister, friend, stranger = (make_member(name) for name in ("我", "小雨", "陈念", "远人"))
    befriend(me, sister, kind="family", label="妹妹")
    befriend(sister, friend)
    sku = make_sku(product=make_product(maker=make_maker()), stock_of=60)
    ProductPicture.objects.create(product=sku.product, picture=make_picture())
    bring_in(sku, 5, lot=make_lot(sku=sku))
    publish(product=sku.product, actor="test", now=clock.now())
    village = make_circle(founder=stranger, name="村里")
    closed = make_circle(founder=stranger, name="门里", admission="invitation")
    for one in (me, sister):
        ask_to_join(circle=village, member=one, now=clock.now())
    return World(me, sister, friend, stranger, sku, village, closed)


def keep(member: Member, sku: Sku, *, told: str = "", circle: Circle | None = None) -> None:
    order = make_received_order(member=member, sku=sku)
    line = order.lines.get()
    say_kept(line_id=line.pk, member=member, now=clock.now())
    if told:
        write_experience(
            member=member, line_id=line.pk, title=told, body="真的", stars=5, circle=circle, now=clock.now()
        )


def agree(member: Member, granted: bool = True) -> None:
    asked = {"purpose": Purpose.SOCIAL_PROOF, "version": 1}
    ConsentText.objects.get_or_create(
        **asked, defaults={"text_zh": "可以", "text_en": "Yes", "published_at": clock.now()}
    )
    decide(
        member=member, purpose=Purpose.SOCIAL_PROOF, channel=Channel.NONE, granted=granted, where="test", now=clock.now()
    )  # fmt: skip


def enter(world: World, member: Member) -> None:
    """Past the door that only an invitation opens."""
    world.closed.memberships.create(
        member=member, state="joined", role="member", joined_at=clock.now(), asked_at=clock.now()
    )


def team_of(world: World, circle: Circle | None = None) -> None:
    pay(open_team(make_deal(sku=world.sku, circle=circle), world.stranger)[1])


def far_round(world: World) -> None:
    make_round(station=make_station(name="远站", area="云栖小镇"), sku=world.sku)


def near_round(world: World) -> None:
    make_address(world.me, detail="锦绣花园 3 幢 502")
    make_round(station=make_station(name="近站"), sku=world.sku, cut_off_at=clock.now() + 3 * HOUR)


CHANGES: dict[str, Callable[[World], object]] = {
    "nothing yet": lambda w: None,
    "a stranger told": lambda w: keep(w.stranger, w.sku, told="陌生人的话"),
    "my sister kept it": lambda w: keep(w.sister, w.sku),
    "she lets it be seen": lambda w: agree(w.sister),
    "her friend told": lambda w: keep(w.friend, w.sku, told="朋友的话"),
    "a team is open": lambda w: team_of(w),
    "in the cart": lambda w: add_to_cart(member=w.me, sku_id=w.sku.pk, quantity=2, now=clock.now()),
    "she takes it back": lambda w: agree(w.sister, granted=False),
    "and lets it be seen again": lambda w: agree(w.sister),
    "a post": lambda w: make_post(author=w.sister, circle=w.village, title="妹妹的笔记"),
    "a question": lambda w: make_post(author=w.stranger, circle=w.village, kind="question", title="甜不甜"),
    "told behind a closed door": lambda w: keep(w.stranger, w.sku, told="门里的话", circle=w.closed),
    "a deal behind a closed door": lambda w: team_of(w, w.closed),
    "I come in": lambda w: enter(w, w.me),
    "a round far away, cut off next": lambda w: far_round(w),
    "a round near my address": lambda w: near_round(w),
    "I leave": lambda w: leave(circle=w.closed, member=w.me, now=clock.now()),
    "a tie is hidden": lambda w: set_hidden(member=w.me, target=w.sister, hidden=True, now=clock.now()),
    "and seen again": lambda w: set_hidden(member=w.me, target=w.sister, hidden=False, now=clock.now()),
    "her friend is muted": lambda w: mute(member=w.me, other=w.friend, now=clock.now()),
    "the stranger is blocked": lambda w: block(member=w.me, other=w.stranger, now=clock.now()),
    "a tie is withdrawn": lambda w: withdraw_tie(member=w.me, target=w.sister, now=clock.now()),
}


def addresses(world: World) -> list[str]:
    return [
        reverse("storefront:product", args=[world.sku.product.slug]),
        reverse("storefront:discover"),
        reverse("storefront:feed"),
        reverse("storefront:circle", args=[world.village.slug]),
        reverse("storefront:circle", args=[world.closed.slug]),
        *json_addresses(world),
    ]


def json_addresses(world: World) -> list[str]:
    slug = world.sku.product.slug
    of_circles = [f"/circles/{one.slug}/feed" for one in (world.village, world.closed)]
    return [f"/api/v1{one}" for one in ("/products", f"/products/{slug}", f"/products/{slug}/posts", *of_circles)]


def plain(client: Client, address: str) -> str:
    """Without form tokens, and without what stands there for search engines, who never log in."""
    answer = client.get(address)
    if answer.status_code == 302:  # a closed door
        return answer["Location"]
    if answer.status_code == 404 and address.startswith("/api/"):
        return "404"
    assert answer.status_code == 200
    text = re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())
    return " ".join(re.sub(r'<script type="application/ld\+json".*?</script>', "", text, flags=re.DOTALL).split())


def alone(client: Client, address: str) -> str:
    """Inside a transaction nothing is kept: the page is drawn for this reader, by plain reads."""
    with transaction.atomic():
        return plain(client, address)


def test_a_page_of_all_with_ones_own_parts_is_the_page_drawn_for_one_alone(world: World, settings: Any) -> None:
    """After each change, for each reader, from the pages kept before it."""
    settings.API_MEMBER_CALLS = settings.API_VISITOR_CALLS = 0
    readers = [browser(one) for one in (world.me, world.sister, world.stranger)] + [browser()]
    for change, make in CHANGES.items():
        make(world)
        for address in addresses(world):
            for client in readers:
                assert plain(client, address) == alone(client, address), (change, address)


def test_consent_withdrawn_removes_the_path_at_once(world: World) -> None:
    keep(world.sister, world.sku)
    client, address = browser(world.me), addresses(world)[0]
    seen = []
    for granted in (True, False, True):
        agree(world.sister, granted)
        seen.append("小雨" in client.get(address).content.decode())
    assert seen == [True, False, True]


def test_a_member_costs_a_few_statements(world: World) -> None:
    keep(world.sister, world.sku, told="好吃")
    client, address = browser(world.me), addresses(world)[0]
    client.get(address)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) <= 7, [one["sql"][:90] for one in asked]


def test_json_is_put_together_once_for_each_reader_until_somebody_writes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Snapshots are of the whole server, and other tests write into databases of their own meanwhile.
    monkeypatch.setattr(unwritten, "MARK", "SELECT 'nobody writes'")
    me, stranger = browser(world.me), browser(world.stranger)
    for address in json_addresses(world)[:-1]:
        with clock.frozen(clock.now()):  # nor has the second passed
            for client in (me, stranger):
                client.get(address)
            with CaptureQueriesContext(connection) as asked:
                answers = [client.get(address).content for client in (me, me, stranger)]
            assert answers[0] == answers[1]
            assert len(asked) <= 3 * 2, [one["sql"][:90] for one in asked]  # who it is, and whether somebody wrote


def test_nobody_can_write_the_mark_of_a_place(world: World) -> None:
    client = browser(world.me)
    make_post(author=world.sister, title="<who>1</who>")
    assert places.split(b"<who>1</who>") == (b"<who>1</who>",)
    assert client.get(addresses(world)[0]).status_code == 200


def test_a_place_in_a_place_belongs_to_the_outer_and_a_form_in_one_is_refused() -> None:
    def placed(name: str, inside: str) -> str:
        return places.own_place(name, caller=lambda: inside)

    form = f'<input name="csrfmiddlewaretoken" value="{"a" * 64}">'
    with places.marked():
        page = places.own_place("outer", caller=lambda: "[" + placed("inner", "x") + "]")
        assert places.split(page.encode()) == (b"", b"outer", b"[x]", b"")
        with pytest.raises(ValueError, match="form"):
            places.split(placed("outer", form).encode())
