"""What is found, what stands first, and that the index follows the facts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from quanzi.base import doctor
from quanzi.community.circles.services import close_circle
from quanzi.community.posts.models import Post, PostProduct
from quanzi.community.posts.services import edit_post, hide_post, react, remove_post
from quanzi.goods.catalogue.models import Product
from quanzi.goods.catalogue.services import pause
from quanzi.growth.searching import looking, queries, services
from quanzi.growth.searching.errors import WordKnown, WordNeeded
from quanzi.growth.searching.indexing import catch_up, catch_up_all, rebuild
from quanzi.growth.searching.models import Entry, Miss, Past
from quanzi.growth.searching.queries import Asked, Found, reader_of, search, suggest
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import decide
from quanzi.people.safety.services import block
from quanzi.trade.sales.services import say_kept
from tests.factories.community import make_circle, make_person, make_post
from tests.factories.goods import make_product, make_sku
from tests.factories.people import befriend, log_in, make_member, make_staff
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db


def look(words: str, member: Member | None = None, **narrowed: object) -> Found:
    now = clock.now()
    return search(asked=Asked(words=words, **narrowed), reader=reader_of(member, now), now=now)  # type: ignore[arg-type]


def is_well() -> bool:
    (result,) = doctor.run(only=["SE1"])
    assert not result.error
    return result.is_well


def test_goods_are_found_by_any_way_of_saying_their_name() -> None:
    product = make_product(name="有机番茄 Tomato", on_sale=True, origin="山东寿光")
    make_product(name="阳山水蜜桃", on_sale=True)
    for words in (
        "番茄",
        "有機番茄",
        "茄",
        "寿光番茄",
        "fanqie",
        "fq",
        "youjifan",
        "tomatoes",
        "toma",
        "TOMATO",
        "番茄 tomato",
    ):
        assert look(words).ids == {"product": [product.pk]}, words
    assert look("土豆").ids == {} and look("茄番").ids == {}, "nothing is guessed that nobody meant"


def test_what_is_misspelled_is_looked_for_by_its_sound_and_says_so() -> None:
    product = make_product(name="有机番茄 Tomato", on_sale=True)
    for words in ("蕃茄", "翻切", "tomatto", "tmoato", "有机饭切"):
        found = look(words)
        assert found.is_loose and found.ids == {"product": [product.pk]}, words
    assert not look("番茄").is_loose


def test_a_shop_can_begin_with_the_usual_words_and_change_them() -> None:
    product = make_product(name="蜜薯三斤", on_sale=True)
    services.add_words(words="土豆, 洋山芋", actor="test", now=clock.now())
    usual = services.usual_lines()
    assert len(usual) >= 60
    assert services.add_usual_words(actor="test", now=clock.now()) == len(usual) - 1, "土豆 is the shop's own line"
    assert services.add_usual_words(actor="test", now=clock.now()) == 0
    assert look("红薯").ids == look("地瓜").ids == {"product": [product.pk]}
    (line,) = [one for one in queries.word_lines() if "蜜薯" in one.words]
    services.remove_words(line_id=line.id, actor="test", now=clock.now())
    assert look("红薯").ids == {}


def test_words_of_the_merchant_mean_the_same() -> None:
    product = make_product(name="番茄一箱", on_sale=True)
    assert look("圣女果").ids == {}
    line = services.add_words(words="番茄, 圣女果，Cherry", actor="test", now=clock.now())
    assert look("聖女果").ids == look("cherry").ids == {"product": [product.pk]}
    with pytest.raises(WordKnown):
        services.add_words(words="圣女果", actor="test", now=clock.now())
    with pytest.raises(WordNeeded):
        services.add_words(words=" , ", actor="test", now=clock.now())
    services.remove_words(line_id=line.pk, actor="test", now=clock.now())
    assert look("圣女果").ids == {}


def test_other_names_are_found_by_their_sound_and_with_a_slip_too() -> None:
    product = make_product(name="烟薯 25 一箱", on_sale=True)
    services.add_words(words="烟薯, 红薯, 番薯, sweetpotato", actor="test", now=clock.now())
    assert look("hongshu").ids == look("hongsu").ids == {"product": [product.pk]}
    for words in ("蕃薯", "sweetpotatoe", "sweetpotaot"):
        found = look(words)
        assert found.is_loose and found.ids == {"product": [product.pk]}, words
    assert look("hong").ids == look("sweat").ids == {}, "part of another name is not that name"


def test_a_new_shop_knows_how_people_say_that_they_want_to_lose_weight() -> None:
    services.add_usual_words(actor="test", now=clock.now())
    post = make_post(title="减脂第二周")
    honey = make_product(name="洋槐蜜", on_sale=True)
    assert look("减肥").ids == {"note": [post.pk]}
    assert look("蜂蜜").ids == look("honey").ids == look("fengmi").ids == {"product": [honey.pk]}


def test_long_words_stand_together_not_apart() -> None:
    make_post(title="分钟二十", body="蒸了 十分")
    post = make_post(title="蒸了二十分钟")
    assert look("二十分钟").ids == {"note": [post.pk]}


def test_the_index_follows_everybody_who_writes() -> None:
    author = make_person()
    post = make_post(author=author, title="蒸了二十分钟")
    product = make_product(name="紫薯", on_sale=True)
    assert look("二十分钟").total == look("紫薯").total == 1
    edit_post(post=post, member=author, title="烤了半小时", body="", now=clock.now())
    Product.objects.filter(pk=product.pk).update(name="红薯")
    assert look("二十分钟").total == look("紫薯").total == 0
    assert look("半小时").total == look("红薯").total == 1
    remove_post(post=post, member=author, now=clock.now())
    pause(product=product, actor="test", now=clock.now())
    assert not Entry.objects.exists(), "what may not be found any more is gone with the change itself"
    catch_up_all()
    assert is_well() and not Entry.objects.exists()


def test_a_post_is_found_by_the_names_of_goods_that_it_shows_while_they_are_on_sale() -> None:
    peach, shrimp = make_product(name="阳山水蜜桃", on_sale=True), make_product(name="北海鲜虾", on_sale=True)
    post = make_post(title="这一箱个个都甜", products=[peach])
    make_post(title="闲聊")
    assert look("水蜜桃").ids == {"product": [peach.pk], "note": [post.pk]}
    assert look("鲜虾").ids == {"product": [shrimp.pk]} and is_well()

    Product.objects.filter(pk=peach.pk).update(name="湖景黄桃")
    PostProduct.objects.create(post=post, product=shrimp, position=1)
    assert look("水蜜桃").total == 0
    assert look("黄桃").counts["note"] == look("鲜虾").counts["note"] == 1 and is_well()

    pause(product=peach, actor="test", now=clock.now())
    PostProduct.objects.filter(post=post, product=shrimp).delete()
    assert look("黄桃").total == 0, "neither goods nor what was tagged with them"
    assert look("鲜虾").ids == {"product": [shrimp.pk]} and look("个个都甜").total == 1 and is_well()


def test_the_goods_of_a_post_open_no_door() -> None:
    founder = make_person()
    secret = make_circle(founder=founder, admission="invitation")
    peach = make_product(name="阳山水蜜桃", on_sale=True)
    make_post(author=founder, circle=secret, title="个个都甜", products=[peach])
    assert look("水蜜桃").counts == look("水蜜桃", make_person()).counts == {"product": 1}
    assert look("水蜜桃", founder).counts == {"product": 1, "note": 1}


def test_what_is_behind_a_door_is_found_by_who_is_inside() -> None:
    founder = make_person()
    circle = make_circle(founder=founder, name="妈妈圈", admission="question", question="谁介绍的？")
    secret = make_circle(founder=founder, name="妈妈密友", admission="invitation")
    make_post(author=founder, circle=circle, title="减肥第一天")
    assert look("减肥").total == look("减肥", make_person()).total == 0
    assert look("减肥", founder).total == 1
    assert look("妈妈").ids == look("妈妈", make_person()).ids == {"circle": [circle.pk]}
    assert set(look("妈妈", founder).ids["circle"]) == {circle.pk, secret.pk}
    close_circle(circle=circle, moderator=founder, now=clock.now())
    assert look("妈妈").total == 0


def test_a_door_that_closes_closes_at_once() -> None:
    circle = make_circle(admission="open")
    make_post(author=circle.founder, circle=circle, title="减肥第一天")
    assert look("减肥").counts == {"note": 1}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE circles_circle SET admission = 'invitation' WHERE id = %s", [circle.pk])
    assert not Entry.objects.filter(audience=0, circle_id=circle.pk).exists(), "before anything is read again"
    assert look("减肥").counts == {} and is_well()


def test_people_are_found_when_they_agreed_and_only_by_members() -> None:
    one, other = make_member("欧阳小雨"), make_member("别人")
    assert look("欧阳", other).total == 0
    services.choose(member=one, is_findable=True)
    assert look("ouyang", other).ids == {"member": [one.pk]}
    assert look("欧阳").total == 0, "visitors find nobody"
    block(member=one, other=other, now=clock.now())
    assert look("欧阳", other).total == 0
    services.choose(member=one, is_findable=False)
    assert not Entry.objects.filter(kind="member").exists()


def test_across_a_block_nothing_is_found_or_counted() -> None:
    author, reader = make_person(), make_person()
    make_post(author=author, title="减肥第一天")
    block(member=author, other=reader, now=clock.now())
    assert look("减肥", reader).counts == {} and look("减肥", author).counts == {"note": 1}


def test_hidden_is_hidden_also_from_suggestions() -> None:
    product = make_product(name="阳山水蜜桃", on_sale=True)
    now = clock.now()
    assert suggest(words="水蜜", reader=reader_of(None, now)) == [("product", product.pk)]
    assert suggest(words="smt", reader=reader_of(None, now)) == [("product", product.pk)]
    pause(product=product, actor="test", now=now)
    assert suggest(words="水蜜", reader=reader_of(None, now)) == []


def test_words_of_people_i_trust_stand_first_and_so_do_goods_they_kept() -> None:
    me, friend = make_member(), make_member()
    befriend(me, friend)
    near = make_post(author=friend, title="水蜜桃熟了")
    for _ in range(3):
        far = make_post(title="水蜜桃熟了")
    assert look("水蜜桃", me).ids["note"][0] == near.pk
    assert look("水蜜桃").ids["note"][0] == far.pk
    kept, other = make_sku(stock_of=5), make_sku(stock_of=5)
    for line in make_received_order(member=friend, sku=kept).lines.all():
        say_kept(line_id=line.pk, member=friend, now=clock.now())
    assert look("水蜜桃", me, is_proven=True).total == 0, "nobody is named who did not agree"
    decide(
        member=friend, purpose=Purpose.SOCIAL_PROOF, channel=Channel.NONE, granted=True, where="test", now=clock.now()
    )
    assert look("水蜜桃", me, is_proven=True).ids == {"product": [kept.product_id]}
    assert look("水蜜桃", me).ids["product"] == [kept.product_id, other.product_id]
    assert look("水蜜桃", make_member()).proven == 0


def test_posts_that_members_found_useful_stand_before_others() -> None:
    useful = make_post(title="怎么蒸螃蟹")
    make_post(title="怎么蒸螃蟹")
    for _ in range(2):
        react(post=useful, member=make_person(), now=clock.now())
    assert look("螃蟹").ids["note"][0] == useful.pk


def test_results_are_narrowed_by_kind_circle_price_and_origin() -> None:
    circle = make_circle(name="桃友")
    post = make_post(author=circle.founder, circle=circle, title="水蜜桃")
    dear = make_sku(product=make_product(name="水蜜桃大", origin="无锡"), price_minor=12_000)
    cheap = make_sku(product=make_product(name="水蜜桃小", origin="奉化"), price_minor=1_500)
    Product.objects.update(state="on_sale")
    found = look("水蜜桃")
    assert found.counts == {"product": 2, "note": 1}
    assert (
        found.circles == [(circle.pk, 1)]
        and dict(found.origins) == {"无锡": 1, "奉化": 1}
        and found.bands == [(0, 1), (3, 1)]
    )
    assert look("水蜜桃", circle_id=circle.pk).ids == {"note": [post.pk]}
    assert look("水蜜桃", band=3).ids == {"product": [dear.product_id]}
    assert look("水蜜桃", origin="奉化").ids == {"product": [cheap.product_id]}
    assert look("水蜜桃", kind="note").ids == {"note": [post.pk]}


def test_the_doctor_sees_an_index_that_is_not_the_facts_and_repairs_it() -> None:
    post, gone = make_post(title="水蜜桃"), make_post(title="螃蟹")
    catch_up_all()
    assert is_well()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE searching_entry SET audience = 2, circle_id = 1, facts = '' WHERE object_id = %s", [post.pk]
        )
        cursor.execute("DELETE FROM searching_entry WHERE object_id = %s", [gone.pk])
        cursor.execute("""INSERT INTO searching_entry (kind, object_id, audience, title, text, keys, kept, useful, is_proof, place, made_at, facts)
            VALUES ('note', 987654321, 0, '', '', '', 0, 0, false, '', now(), '')""")
    (result,) = doctor.run(only=["SE1"])
    assert result.violations == 3
    (result,) = doctor.run(only=["SE1"], fix=True)
    assert result.is_well and look("水蜜桃").total == look("螃蟹").total == 1


def test_a_rebuild_makes_the_same_entries() -> None:
    make_post(title="水蜜桃 peaches")
    make_product(name="紫薯", on_sale=True)
    catch_up_all()
    names = ("kind", "object_id", "audience", "title", "text", "keys", "facts")
    before = list(Entry.objects.order_by("kind").values_list(*names))
    Entry.objects.all().delete()
    heard: list[tuple[int, int]] = []
    rebuild(told=lambda done, of: heard.append((done, of)))
    assert list(Entry.objects.order_by("kind").values_list(*names)) == before and len(before) == 2
    assert heard[-1][0] == heard[-1][1]


def test_a_change_that_is_not_final_is_read_again_once_it_is() -> None:
    """Marks are rows of the change itself: nobody reads a mark before its change."""
    Post.objects.filter(pk=make_post(title="水蜜桃").pk).update(title="螃蟹")
    assert catch_up(most=1) == 1 and catch_up(most=1) == 1 and catch_up() <= 1
    catch_up_all()
    assert look("螃蟹").total == 1


def test_what_somebody_looked_for_is_theirs_and_can_be_forgotten() -> None:
    me, now = make_member(), clock.now()
    for number in range(services.MOST_PAST + 3):
        services.remember(member=me, words=f"词{number}", now=now)
    assert Past.objects.filter(member=me).count() == services.MOST_PAST
    assert services.forget(member=make_member()) == 0
    services.choose(member=me, remembers=False)
    services.remember(member=me, words="螃蟹", now=now)
    assert not Past.objects.exists()


def test_words_that_found_nothing_are_counted_without_a_name() -> None:
    now = clock.now()
    for words in ("螃蟹", "螃蟹 ", "13800000001", "me@example.com", "x"):
        services.note_miss(words=words, now=now)
    assert list(Miss.objects.values_list("words", "times")) == [("螃蟹", 2)]


@pytest.mark.parametrize(
    "junk", ["'", "\\", "a'b\\", "%_%", "' | 'x", ":*", "\x00", "x" * 200, "& | !", "（）", "ﬁ", "🍅", "的"]
)
def test_any_signs_may_be_looked_for(junk: str) -> None:
    make_post(title="水蜜桃")
    assert look(junk).total in (0, 1)


def test_a_moderator_hides_and_it_is_gone() -> None:
    circle = make_circle()
    post = make_post(author=circle.founder, circle=circle, title="水蜜桃")
    assert look("水蜜桃").total == 1
    hide_post(post=post, moderator=circle.founder, reason="广告", now=clock.now())
    assert not Entry.objects.filter(kind="note").exists() and look("水蜜桃").total == 0


def test_programs_search_too_and_the_shop_keeps_its_words(client: Client) -> None:
    product = make_product(name="阳山水蜜桃", on_sale=True)
    post = make_post(title="水蜜桃熟了")
    found = client.get("/api/v1/search", {"words": "水蜜桃"}).json()
    assert {(one["kind"], one["id"]) for one in found["items"]} == {("product", product.pk), ("note", post.pk)}
    assert [one["address"] for one in client.get("/api/v1/search/suggestions", {"words": "smt"}).json()] == [
        f"/p/{product.slug}"
    ]
    staff = log_in(Client(), make_staff())
    made = staff.post("/console/search/words/act", {"words": "水蜜桃,peach"})
    assert made.status_code == 302 and "peach" in staff.get("/console/search/words").content.decode()
    assert client.get("/api/v1/search", {"words": "peach"}).json()["counts"] == {"product": 1, "note": 1}


def test_older_words_of_people_i_know_are_found_where_i_may_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_POSTS", 1)
    me, friend = make_member(), make_member()
    befriend(me, friend)
    behind = make_circle(founder=friend, admission="invitation")
    make_post(author=friend, circle=behind, title="减肥第一天")
    told = make_post(author=friend, title="减肥第二天")
    newest = make_post(title="减肥第三天")
    assert set(look("减肥", me).ids["note"]) == {told.pk, newest.pk}
    assert look("减肥").ids == {"note": [newest.pk]}


@pytest.mark.parametrize("common", [1, 99])
def test_posts_beyond_the_newest_are_found_whether_words_are_common_or_rare(monkeypatch, common: int) -> None:
    monkeypatch.setattr(looking, "WINDOW", 2)
    monkeypatch.setattr(looking, "COMMON", common)
    author = make_person()
    posts = [make_post(author=author, title=f"红薯 {number}") for number in range(4)]
    make_post(author=author, title="别的")
    assert sorted(look("红薯").ids["note"]) == sorted(post.pk for post in posts)
