"""A member's own pages: profile, addresses, devices, consents, messages, invitation, data."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quanzi.faces.ui.icons import bodies
from quanzi.kernel import clock
from quanzi.people.accounts.models import Address, MemberSession
from quanzi.people.contact.models import Channel, Consent, Purpose
from quanzi.people.contact.services import allows, decide, notify
from quanzi.people.contact.wordings import WORDINGS
from tests.faces.storefront.browsing import browser, page, send
from tests.factories.people import WEST_LAKE, make_address, make_member

pytestmark = pytest.mark.django_db

OWN_PAGES = [
    "me", "profile", "addresses", "address_new", "sessions", "consents", "consent_history", "trust", "trust_how",
    "kept_away", "invite", "messages", "my_data",
]  # fmt: skip


@pytest.mark.parametrize("name", OWN_PAGES)
def test_a_visitor_is_led_to_log_in_and_back(name: str) -> None:
    response = browser().get(reverse(f"storefront:{name}"))
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={reverse(f'storefront:{name}')}"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", OWN_PAGES)
def test_every_page_of_ones_own_opens_and_is_kept_by_no_cache(name: str, language: str) -> None:
    response = browser(make_member(), language).get(reverse(f"storefront:{name}"))
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]


def test_a_profile_is_saved_and_its_language_holds_from_the_next_page_on() -> None:
    member = make_member()
    client = browser(member)
    response = send(client, "profile", name=" 小雨 ", bio="周末做饭", language="en")
    assert response.status_code == 302
    member.refresh_from_db()
    assert (member.name, member.bio, member.language) == ("小雨", "周末做饭", "en")
    assert "My orders" in page(client, "me")


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "个字"), ("en", "characters")])
def test_a_bad_profile_is_refused_beside_its_fields_in_the_readers_language(language: str, words: str) -> None:
    member = make_member("小雨")
    response = send(browser(member, language), "profile", name="\u202e ", bio="长" * 201, language="xx")
    drawn = response.content.decode()
    assert response.status_code == 422
    assert all(f'id="f-{field}-error"' in drawn for field in ("name", "bio", "language"))
    assert words in drawn
    member.refresh_from_db()
    assert member.name == "小雨"


def test_a_file_that_is_no_picture_is_refused_beside_its_field() -> None:
    file = SimpleUploadedFile("face.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")
    response = send(browser(make_member()), "profile", name="小雨", bio="", language="", avatar=file)
    assert response.status_code == 422
    assert 'id="f-avatar-error"' in response.content.decode()


def address_of(**changes: object) -> dict[str, object]:
    given = {"recipient": "林小雨", "phone": "13800000001", "province": "330000", "city": "330100",
             "region_code": WEST_LAKE, "detail": "文三路 90 号"}  # fmt: skip
    return {**given, **changes}


def test_an_address_is_chosen_step_by_step_without_script() -> None:
    client = browser(make_member())
    drawn = send(client, "address_new", **address_of(city="", region_code="", choose="1")).content.decode()
    assert 'value="330100"' in drawn
    assert WEST_LAKE not in drawn
    drawn = send(client, "address_new", **address_of(region_code="", choose="1")).content.decode()
    assert f'value="{WEST_LAKE}"' in drawn
    assert "文三路 90 号" in drawn
    assert send(client, "address_new", **address_of()).status_code == 302
    assert Address.objects.get().region_name == "浙江省杭州市西湖区"


@pytest.mark.parametrize(
    ("given", "field"), [({"province": "", "city": ""}, "province"), ({"city": ""}, "city"), ({}, "region_code")]
)
def test_a_missing_district_is_told_at_the_last_list_that_is_shown(given: dict[str, str], field: str) -> None:
    answer = send(browser(make_member()), "address_new", **address_of(region_code="", **given))
    assert answer.status_code == 422
    drawn = answer.content.decode()
    assert f'id="f-{field}-error"' in drawn and drawn.count('-error"') == 2  # the error, and the list that names it


def test_a_changed_province_does_not_keep_a_district_of_the_old_one() -> None:
    response = send(browser(make_member()), "address_new", **address_of(province="310000"))
    assert response.status_code == 302  # the service reads the district alone, and it is a true one
    drawn = send(browser(make_member()), "address_new", **address_of(province="310000", choose="1")).content.decode()
    assert f'value="{WEST_LAKE}" selected' not in drawn


def test_a_bad_address_names_every_field() -> None:
    response = send(browser(make_member(), "en"), "address_new", province="", recipient=" ", phone="12", detail="")
    drawn = response.content.decode()
    assert response.status_code == 422
    assert all(f'id="f-{field}-error"' in drawn for field in ("recipient", "phone", "detail"))
    assert "Please choose the province" in drawn
    assert not Address.objects.exists()


def test_somebody_elses_address_is_not_there() -> None:
    address, stranger = make_address(make_member()), browser(make_member())
    assert stranger.get(reverse("storefront:address", args=[address.pk])).status_code == 404
    assert send(stranger, "address", address.pk, **address_of()).status_code == 404
    for verb in ("remove", "default", "nonsense"):
        assert send(stranger, "address_act", address.pk, act=verb).status_code == 404
    address.refresh_from_db()
    assert address.removed_at is None


def test_after_saving_an_address_only_a_page_of_this_shop_is_gone_back_to() -> None:
    client = browser(make_member())
    assert send(client, "address_new", **address_of(next="/checkout")).url == "/checkout"
    assert send(client, "address_new", **address_of(next="https://evil.example/")).url == reverse(
        "storefront:addresses"
    )
    assert send(client, "address_new", **address_of(next="//evil.example")).url == reverse("storefront:addresses")


def test_a_device_is_logged_out_and_nobody_elses() -> None:
    member, other = make_member(), make_member()
    phone, laptop = browser(member), browser(member)
    browser(other)
    here = phone.session.session_key
    row = MemberSession.objects.get(member=member, session_key=laptop.session.session_key)
    theirs = MemberSession.objects.get(member=other)
    assert send(phone, "sessions", session=theirs.pk).status_code == 404
    assert send(phone, "sessions", session=row.pk).status_code == 302
    assert laptop.get("/me").status_code == 302
    assert phone.get("/me").status_code == 200
    assert list(MemberSession.objects.filter(member=member).values_list("session_key", flat=True)) == [here]


def test_all_other_devices_at_once() -> None:
    member = make_member()
    here, there = browser(member), browser(member)
    send(here, "sessions", act="others")
    assert (here.get("/me").status_code, there.get("/me").status_code) == (200, 302)


def test_consents_are_off_by_default_and_opening_the_page_decides_nothing() -> None:
    member = make_member()
    drawn = page(browser(member), "consents")
    assert drawn.count('role="switch"') == 20
    assert "checked" not in drawn
    assert not Consent.objects.exists()


def test_one_switch_gives_one_consent_and_gives_it_back() -> None:
    member = make_member()
    client = browser(member)
    send(client, "consents", on="deals:email")
    assert allows(member.pk, Purpose.DEALS, Channel.EMAIL)
    assert Consent.objects.filter(member=member).count() == 1
    assert "第 1 版" in page(client, "consents")
    send(client, "consents", was="deals:email")
    assert not allows(member.pk, Purpose.DEALS, Channel.EMAIL)
    assert page(client, "consent_history").count("文本第 1 版") == 2


def test_an_old_tab_does_not_give_again_what_was_withdrawn_elsewhere() -> None:
    member = make_member()
    client = browser(member)
    now = clock.now()
    for granted in (True, False):
        decide(member=member, purpose=Purpose.DEALS, channel=Channel.SMS, granted=granted, where="test", now=now)
    client.post(reverse("storefront:consents"), {"was": ["deals:sms"], "on": ["deals:sms", "circle:email"]})
    assert not allows(member.pk, Purpose.DEALS, Channel.SMS)
    assert allows(member.pk, Purpose.CIRCLE, Channel.EMAIL)


def test_a_message_is_read_when_opened_and_leads_on_inside_the_shop_only() -> None:
    member, now = make_member(), clock.now()
    notice = notify(member_id=member.pk, kind="circle_joined", params={"circle": "锦绣"}, link="/c/x", key="a", now=now)
    far = notify(
        member_id=member.pk, kind="order_received", params={"number": "1"}, link="//evil.example", key="b", now=now
    )
    assert notice is not None and far is not None
    client = browser(member)
    assert page(client, "messages").count('class="fresh"') == 2
    assert browser(make_member()).get(reverse("storefront:message", args=[notice.pk])).status_code == 404
    assert client.get(reverse("storefront:message", args=[notice.pk])).url == "/c/x"
    assert client.get(reverse("storefront:message", args=[far.pk])).url == reverse("storefront:messages")
    assert "fresh" not in page(client, "messages")


def test_all_messages_are_marked_as_read_at_once() -> None:
    member, now = make_member(), clock.now()
    for key in "abc":
        notify(member_id=member.pk, kind="tie_accepted", params={"name": "老赵"}, key=key, now=now)
    client = browser(member)
    assert send(client, "messages_read").status_code == 302
    assert "fresh" not in page(client, "messages")


def test_every_kind_of_message_has_an_icon_that_exists() -> None:
    assert {wording.icon for wording in WORDINGS.values()} <= set(bodies())


def test_the_invitation_is_one_link_for_each_member_with_its_code() -> None:
    client = browser(make_member())
    first, again = page(client, "invite"), page(client, "invite")
    address = first.split('name="address" type="text" value="')[1].split('"')[0]
    assert "/i/" in address
    assert address in again
    assert "<svg" in first
    assert "没有人靠拉人头赚钱" in first


def test_my_data_holds_what_is_mine_and_nothing_of_others() -> None:
    member = make_member("小雨")
    make_address(member)
    make_address(make_member("外人"), recipient="外人")
    response = browser(member).get(reverse("storefront:my_data"))
    told = json.loads(response.content)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert told["profile"]["name"] == "小雨"
    assert [row["recipient"] for row in told["addresses"]] == ["林小雨"]
    assert datetime.fromisoformat(told["addresses"][0]["created_at"]).utcoffset() == timedelta(0)
    assert told["addresses"][0]["created_at"][10] == "T"
    assert "外人" not in response.content.decode()
