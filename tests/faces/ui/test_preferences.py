"""Language and theme are remembered; the living page is for staff."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.people import log_in, make_staff


def test_the_language_is_remembered_and_the_reader_stays_on_the_page(client: Client) -> None:
    answer = client.post("/preferences/language", {"language": "en", "next": "/discover?q=yam"})
    assert answer.status_code == 302
    assert answer["Location"] == "/discover?q=yam"
    assert answer.cookies["django_language"].value == "en"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    assert client.post("/preferences/theme", {"theme": "dark", "next": elsewhere})["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert "django_language" not in client.post("/preferences/language", {"language": "xx"}).cookies


def test_a_theme_can_be_chosen_and_given_back_to_the_device(client: Client) -> None:
    assert client.post("/preferences/theme", {"theme": "dark"}).cookies["theme"].value == "dark"
    assert client.post("/preferences/theme", {"theme": ""}).cookies["theme"].value == ""


def test_preferences_are_written_by_post_only(client: Client) -> None:
    assert client.get("/preferences/theme").status_code == 405


@pytest.mark.django_db
def test_the_living_page_is_closed_to_strangers(client: Client) -> None:
    assert client.get("/styleguide").status_code == 302


@pytest.mark.django_db
def test_staff_see_the_living_page(client: Client) -> None:
    log_in(client, make_staff())
    for address in ("/styleguide", "/styleguide?desk=1"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_an_address_that_names_a_language_gives_way_to_the_choice() -> None:
    chosen = Client().post("/preferences/language", {"language": "en", "next": "/p/yam?lang=zh-hans&sku=3"})
    assert chosen["Location"] == "/p/yam?sku=3"
    assert Client().post("/preferences/theme", {"theme": "dark", "next": "discover"})["Location"] == "/"
