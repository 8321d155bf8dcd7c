"""Tastes: the shop says what goods are like, members what they care for; it chooses for them alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.base.audit.models import AuditEntry
from quanzi.community.posts.models import PostProduct
from quanzi.goods.catalogue.models import Product
from quanzi.goods.catalogue.services import publish
from quanzi.goods.supply.models import SupplierGoods, SupplierPerson
from quanzi.growth.discovery.queries.front import front_page
from quanzi.growth.recommending.queries import offers_for
from quanzi.growth.recommending.services import choose
from quanzi.growth.tastes.errors import TakenAway
from quanzi.growth.tastes.models import Pick, Taste, Trait
from quanzi.growth.tastes.queries import goods_with, own_goods, taken_away, tastes, traits
from quanzi.growth.tastes.services import describe, pick, say
from quanzi.kernel import clock
from quanzi.kernel.errors import InvalidInput
from quanzi.people.accounts.models import Member
from tests.faces.storefront.browsing import browser, page
from tests.factories.community import make_post
from tests.factories.goods import make_maker, make_sku
from tests.factories.people import make_member, make_staff
from tests.factories.supply import make_supplier

pytestmark = pytest.mark.django_db


def on_sale() -> Product:
    product = make_sku(stock_of=9).product
    publish(product=product, actor="test", now=clock.now())
    return product


def offered(member: Member) -> list[int]:
    return [row.card.id for row in offers_for(member, now=clock.now()).rows]


def first_of(member: Member, is_personal: bool = True) -> tuple[int, str]:
    found = front_page(viewer_id=member.pk, is_personal=is_personal, only="all", go=None, limit=5, now=clock.now())
    return found.ids[0], found.because[found.ids[0]].taste


def test_what_a_newcomer_cares_for_stands_first_from_the_first_day_and_only_for_them() -> None:
    bowl, _other = on_sale(), on_sale()
    describe(product=bowl, tastes=["by_hand", "clay"], actor=make_staff("owner"), now=clock.now())
    about = make_post(author=make_member())
    PostProduct.objects.create(post=about, product=bowl)
    newer = make_post(author=make_member())
    me, other = make_member(), make_member()
    assert (offered(me), first_of(me)[0]) == ([], newer.pk)
    pick(member=me, tastes=["by_hand"], now=clock.now())
    assert (offered(me), first_of(me)) == ([bowl.pk], (about.pk, "by_hand"))
    assert "因为你喜欢：手工做的" in page(browser(me), "feed")
    assert (offered(other), first_of(other)[0]) == ([], newer.pk)
    assert first_of(me, is_personal=False) == (newer.pk, "")
    choose(member=me, is_personal=False, now=clock.now())
    assert offered(me) == []
    pick(member=me, tastes=[], now=clock.now())
    assert not Pick.objects.exists()


def test_traits_are_what_was_said_last_and_audited_once() -> None:
    product, owner = on_sale(), make_staff("owner")
    for said in (["wood", "near"], ["near"], ["near"]):
        describe(product=product, tastes=said, actor=owner, now=clock.now())
    assert list(Trait.objects.values_list("taste", flat=True)) == ["near"]
    assert AuditEntry.objects.filter(action="product.traits").count() == 2
    with pytest.raises(InvalidInput):
        describe(product=product, tastes=["gold"], actor=owner, now=clock.now())
    with pytest.raises(InvalidInput):
        pick(member=owner, tastes=["gold"], now=clock.now())


def test_the_pages_tick_list_and_goods() -> None:
    product, me = on_sale(), make_member()
    describe(product=product, tastes=["near"], actor=make_staff("owner"), now=clock.now())
    client = browser(me)
    assert client.post(reverse("storefront:tastes"), {"taste": ["near", "sea"]}).status_code == 302
    assert [row.key for row in tastes(me.pk) if row.is_mine] == ["near", "sea"]
    assert page(client, "tastes").count("checked") == 2
    assert product.name in page(client, "taste", "near")
    assert product.name not in page(client, "taste", "sea")
    assert client.get(reverse("storefront:taste", args=["gold"])).status_code == 404
    assert browser().post(reverse("storefront:tastes"), {"taste": "near"})["Location"].startswith("/account/login")
    assert goods_with("near", before=product.pk) == []
    assert {row["key"] for row in client.get("/api/v1/tastes").json()} == set(Taste)


def test_a_maker_says_it_of_their_own_goods_and_what_the_shop_takes_away_stays_away() -> None:
    mine, other, me, owner = on_sale(), on_sale(), make_member(), make_staff("owner")
    Product.objects.filter(pk=mine.pk).update(maker=make_maker(member=me))
    client, at = browser(me), reverse("storefront:my_goods")
    assert "自己的货有什么讲究" in page(client, "me") and mine.name in page(client, "my_goods")
    sent = [client.post(at, {"product": one.pk, "taste": ["wood", "near"]}).status_code for one in (mine, other)]
    assert sent == [302, 404]
    assert traits(mine.pk) == {"wood", "near"} and not traits(other.pk)
    assert AuditEntry.objects.get(action="product.traits").actor_id == me.pk
    describe(product=mine, tastes=["near"], actor=owner, now=clock.now())
    assert taken_away(mine.pk) == {"wood"}
    with pytest.raises(TakenAway):
        say(product_id=mine.pk, tastes=["wood"], member=me, now=clock.now())
    assert page(client, "my_goods").count(" disabled") == 1
    describe(product=mine, tastes=["wood", "near"], actor=owner, now=clock.now())
    say(product_id=mine.pk, tastes=["wood", "sea"], member=me, now=clock.now())
    assert traits(mine.pk) == {"wood", "sea"} and not taken_away(mine.pk)
    assert browser(make_member()).get(at).status_code == 404


def test_a_supplier_says_it_where_no_maker_is_a_member() -> None:
    sku, supplier, me, now = make_sku(stock_of=9), make_supplier(), make_member(), clock.now()
    publish(product=sku.product, actor="test", now=now)
    SupplierGoods.objects.create(supplier=supplier, sku=sku, cost_minor=1)
    person = SupplierPerson.objects.create(supplier=supplier, member=me, since=now)
    say(product_id=sku.product_id, tastes=["sea"], member=me, now=now)
    assert [(row.id, row.traits) for row in own_goods(me.pk)] == [(sku.product_id, {"sea"})]
    Product.objects.filter(pk=sku.product_id).update(maker=make_maker(member=make_member()))
    assert own_goods(me.pk) == []
    Product.objects.filter(pk=sku.product_id).update(maker=None)
    SupplierPerson.objects.filter(pk=person.pk).update(ended_at=now)
    assert own_goods(me.pk) == []
