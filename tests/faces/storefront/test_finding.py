"""The pages of the search."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from quanzi.growth.searching.models import Choice, Miss, Past
from quanzi.growth.searching.services import choose, remember
from quanzi.kernel import clock
from tests.factories.community import make_circle, make_person, make_post
from tests.factories.goods import make_maker, make_product
from tests.factories.people import log_in, make_member

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, **params: str) -> str:
    answer = client.get(address, params, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_every_kind_stands_on_one_page_with_the_words_marked(client: Client) -> None:
    circle = make_circle(name="桃友会")
    make_post(author=circle.founder, circle=circle, title="阳山的桃熟了", body="昨天去摘了桃<script>")
    make_product(name="阳山水蜜桃", on_sale=True, maker=make_maker(name="桃师傅"))
    choose(member=make_member("桃子"), is_findable=True)
    text = page(log_in(client, make_member()), "/search", q="桃")
    for said in (
        "水蜜<mark>桃</mark>",
        "<mark>桃</mark>友会",
        "<mark>桃</mark>师傅",
        "<mark>桃</mark>子",
        "摘了<mark>桃</mark>&lt;script&gt;",
    ):
        assert said in text, said


def test_a_search_without_result_teaches_and_is_counted(client: Client) -> None:
    me = make_member()
    text = page(log_in(client, me), "/search", q="螃蟹")
    assert "Nobody has this here yet" in text and "kind=question" in text
    assert Miss.objects.get().words == "螃蟹" and Past.objects.get().member == me
    page(client, "/search", q="螃蟹", kind="note")
    assert Miss.objects.get().times == 1, "narrowing is not another search"


def test_narrowing_keeps_the_words_and_says_what_it_leaves(client: Client) -> None:
    circle = make_circle(name="桃友会")
    for _ in range(6):
        make_post(author=make_person(), title="桃熟了")
    make_post(author=circle.founder, circle=circle, title="桃")
    text = page(client, "/search", q="桃")
    assert "Notes 7" in text and "See all" in text and f"in={circle.pk}" in text
    assert page(client, "/search", q="桃", kind="note").count("<mark>桃</mark>熟了") == 6
    assert "Nothing is left of it" in page(client, "/search", q="桃", price="3")
    for name, value in (
        ("page", "999999"),
        ("kind", "x"),
        ("price", "9"),
        ("in", "x"),
        ("q", "\x00"),
        ("from", "\x00"),
    ):
        page(client, "/search", **{"q": "桃", name: value})


def test_suggestions_are_names_and_what_i_looked_for(client: Client) -> None:
    make_product(name="阳山水蜜桃", on_sale=True)
    me = make_member()
    remember(member=me, words="水壶", now=clock.now())
    assert "阳山<mark>水</mark>蜜桃" in page(client, "/search/suggest", q="水")
    assert "水壶" in page(log_in(client, me), "/search/suggest", q="水")
    assert "No suggestions" in page(Client(), "/search/suggest", q="")
    remember(member=make_member(), words="水桶", now=clock.now())
    assert "水桶" not in page(client, "/search/suggest", q="水")


def test_what_i_looked_for_is_forgotten_one_by_one_at_once_or_never_kept(client: Client) -> None:
    me, now = make_member(), clock.now()
    other = make_member()
    for words in ("桃", "李", "梅"):
        remember(member=me, words=words, now=now)
    remember(member=other, words="杏", now=now)
    log_in(client, me)
    assert "桃" in page(client, "/me/searches") and "杏" not in page(client, "/me/searches")
    client.post("/me/searches", {"do": "forget", "id": Past.objects.get(words="桃").pk})
    client.post("/me/searches", {"do": "forget", "id": Past.objects.get(words="杏").pk})
    assert set(Past.objects.values_list("words", flat=True)) == {"李", "梅", "杏"}
    client.post("/me/searches", {"do": "choose", "is_findable": "on"})
    assert Choice.objects.get(member=me).is_findable and not Past.objects.filter(member=me).exists()
    client.post("/me/searches", {"do": "forget_all"})


def test_a_page_of_results_costs_the_same_for_one_and_for_many(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        make_post(title="桃熟了")
        make_product(name="阳山水蜜桃", on_sale=True)
    log_in(client, make_member())
    page(client, "/search", q="桃")
    with django_assert_max_num_queries(45):
        page(client, "/search", q="桃")
