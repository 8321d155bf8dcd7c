"""What people want gathers, is stood behind, and is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from quanzi.base import doctor
from quanzi.community.posts.services import comment, hide_post
from quanzi.growth.needs import errors, services
from quanzi.growth.needs.models import Need, Support
from quanzi.growth.needs.queries import board, need_row
from quanzi.growth.searching.services import note_miss
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.contact.models import Notice
from tests.factories.community import make_circle, make_person, make_post
from tests.factories.goods import make_product
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db


def test_words_that_found_nothing_often_enough_gather_once() -> None:
    now = clock.now()
    for words, times in (("酸面包", 3), ("螃蟹", 2)):
        for _ in range(times):
            note_miss(words=words, now=now)
    services.gather(now=now)
    services.gather(now=now)
    assert [row.what for row in board()] == ["酸面包"]


def test_public_questions_without_an_answer_gather_and_their_author_stands_behind_them() -> None:
    asked = clock.now() - timedelta(days=2)
    open_one = make_post(kind="question", title="哪里有酸面包", now=asked)
    answered = make_post(kind="question", title="哪里有螃蟹", now=asked)
    comment(post=answered, author=make_person(), body="菜场", now=clock.now())
    closed = make_circle(admission="invitation")
    make_post(author=closed.founder, circle=closed, kind="question", title="秘密", now=asked)
    make_post(kind="question", title="刚问的")
    services.gather(now=clock.now())
    (row,) = board()
    assert (row.post_id, row.what, row.wanted) == (open_one.pk, "哪里有酸面包", 1)
    circle = make_circle()
    Need.objects.filter(pk=row.id)
    open_one.circle = circle
    open_one.save()
    hide_post(post=open_one, moderator=circle.founder, reason="广告", now=clock.now())
    assert board() == [] and need_row(row.id) is None, "what is hidden is not on the board"
    with pytest.raises(NotFound):
        services.support(member=make_member(), need_id=row.id, now=clock.now())


def test_members_want_it_too_are_counted_once_and_told_the_answer_once() -> None:
    now, one, other, staff = clock.now(), make_member(), make_member(), make_staff()
    need = services.want(member=one, words="酸面包", now=now)
    assert services.want(member=other, words="酸麵包 ", now=now) == need
    services.support(member=other, need_id=need.pk, now=now)
    assert board()[0].wanted == 2
    assert services.withdraw(member=other, need_id=need.pk) and not services.withdraw(member=other, need_id=need.pk)
    with pytest.raises(errors.ReasonNeeded):
        services.answer(need_id=need.pk, state="declined", actor=staff, now=now)
    with pytest.raises(errors.NoSuchGoods):
        services.answer(need_id=need.pk, state="found", product_id=make_product().pk, actor=staff, now=now)
    services.answer(need_id=need.pk, state="seeking", words="在找", actor=staff, now=now)
    product = make_product(name="酸面包", on_sale=True)
    services.answer(need_id=need.pk, state="found", product_id=product.pk, actor=staff, now=now)
    with pytest.raises(errors.NeedAnswered):
        services.answer(need_id=need.pk, state="found", product_id=product.pk, actor=staff, now=now)
    told = Notice.objects.values_list("member_id", "kind", "params__what")
    assert set(told) == {(one.pk, "wanted_seeking", "酸面包"), (one.pk, "wanted_found", "酸面包")}
    assert doctor.run(only=["NE1"])[0].is_well
    Notice.objects.all().delete()
    assert doctor.run(only=["NE1"])[0].violations == 1


def test_the_shop_may_think_again_and_everybody_hears_each_answer_once() -> None:
    now, member, staff = clock.now(), make_member(), make_staff()
    need = services.want(member=member, words="酸面包", now=now)
    product = make_product(on_sale=True)
    for day, (state, more) in enumerate(
        [
            ("declined", {"words": "没人会做"}),
            ("seeking", {}),
            ("declined", {"words": "问过了"}),
            ("found", {"product_id": product.pk}),
        ]
    ):
        services.answer(need_id=need.pk, state=state, actor=staff, now=now + timedelta(days=day), **more)
    kinds = list(Notice.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["wanted_declined", "wanted_seeking", "wanted_declined", "wanted_found"]
    assert doctor.run(only=["NE1"])[0].is_well


def test_an_old_no_and_goods_that_are_gone_are_asked_for_again() -> None:
    now, member, staff = clock.now(), make_member(), make_staff()
    need = services.want(member=member, words="酸面包", now=now)
    services.answer(need_id=need.pk, state="declined", words="没人会做", actor=staff, now=now)
    for day, state in ((29, "declined"), (30, "open")):
        services.support(member=member, need_id=need.pk, now=now + timedelta(days=day))
        need.refresh_from_db()
        assert need.state == state
    product = make_product(on_sale=True)
    services.answer(need_id=need.pk, state="found", product_id=product.pk, actor=staff, now=now)
    services.want(member=make_member(), words="酸面包", now=now + timedelta(days=400))
    need.refresh_from_db()
    assert need.state == "found", "a yes holds while its goods are there"
    type(product).objects.filter(pk=product.pk).update(state="off_sale")
    services.want(member=member, words="酸面包", now=now)
    need.refresh_from_db()
    assert (need.state, need.product, need.answered_at) == ("open", None, None)
    assert board()[0].wanted == 2


def test_the_database_refuses_half_an_answer_and_the_same_words_twice() -> None:
    services.want(member=make_member(), words="酸面包", now=clock.now())
    for broken in (
        "UPDATE needs_need SET state = 'declined', answered_at = now()",
        "UPDATE needs_need SET state = 'found', answered_at = now()",
        "UPDATE needs_need SET words = ''",
        "INSERT INTO needs_need (words, state, answer, opened_at) VALUES ('酸面包', 'open', '', now())",
        "INSERT INTO needs_support (need_id, member_id, said_at) SELECT need_id, member_id, now() FROM needs_support",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(broken)


@pytest.mark.parametrize("words", ["", "x", "13800000001", "me@example.com", "很" * 21])
def test_not_everything_may_stand_on_the_board(words: str) -> None:
    with pytest.raises(errors.WordsNeeded):
        services.want(member=make_member(), words=words, now=clock.now())


def test_it_is_all_done_on_pages_and_by_programs(client: Client) -> None:
    me, staff = make_member(), log_in(Client(), make_staff())
    log_in(client, me)
    assert client.post("/needs", {"words": "酸面包"}).status_code == 302
    assert client.post("/needs", {"words": ""}).status_code == 422
    need = Need.objects.get()
    for address in ("/needs", "/needs?show=answered", "/needs?show=mine", f"/needs/{need.pk}"):
        assert client.get(address).status_code == Client().get(address).status_code == 200
    other = log_in(Client(), make_member())
    other.post(f"/needs/{need.pk}/act", {"do": "support"})
    assert Support.objects.count() == 2
    other.post(f"/needs/{need.pk}/act", {"do": "withdraw"})
    assert staff.get("/console/needs").status_code == staff.get(f"/console/needs/{need.pk}").status_code == 200
    staff.post(f"/console/needs/{need.pk}/answer", {"state": "declined", "words": "没人会做"})
    (told,) = client.get("/api/v1/needs", {"show": "mine"}).json()
    assert (told["what"], told["state"], told["answer"], told["wanted"]) == ("酸面包", "declined", "没人会做", 1)
    assert "没人会做" in client.get(f"/needs/{need.pk}").content.decode()
    assert client.get("/needs/999999").status_code == 404


def test_the_console_says_which_goods_were_the_answer(client: Client) -> None:
    log_in(client, make_member()).post("/needs", {"words": "酸奶"})
    staff, need = log_in(Client(), make_staff()), Need.objects.get()
    milk = make_product(name="巴氏鲜牛奶", on_sale=True)
    staff.post(f"/console/needs/{need.pk}/answer", {"state": "found", "product_id": str(milk.pk)})
    page = staff.get(f"/console/needs/{need.pk}").content.decode()
    assert f'href="/p/{milk.slug}"' in page and "巴氏鲜牛奶" in page
