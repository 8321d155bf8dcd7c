"""Names that would deceive about who speaks are refused; namesakes among members are not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quanzi.base.shop import identity
from quanzi.community.circles.errors import NameImitates
from quanzi.community.circles.models import Circle
from quanzi.community.circles.services import create_circle, update_circle
from quanzi.kernel import clock
from quanzi.people.accounts.errors import NameSpeaksForOthers
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.naming import check_name
from quanzi.people.accounts.services import update_profile
from tests.factories.community import make_circle
from tests.factories.people import log_in, make_member, make_staff

pytestmark = pytest.mark.django_db
NOW = clock.now()


@pytest.fixture(autouse=True)
def _called_green_river(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quanzi.people.accounts.naming.shop_name", lambda: "Green River 绿河")


@pytest.mark.parametrize(
    "name",
    [
        "绿河Green",
        "Green River 绿河",
        "Grееn Rіvеr 绿河",
        "GREEN-RIVER绿河 官方客服",
        "客服",
        "客 服",
        "Ａdmin",
        "官方·管理员",
    ],
)
def test_no_member_is_called_like_the_shop_or_its_desk(name: str) -> None:
    if name == "绿河Green":
        check_name(name)  # part of the name, turned round: a fan, not the shop
        return
    with pytest.raises(NameSpeaksForOthers):
        check_name(name)


def test_a_leader_and_the_staff_cannot_be_imitated_but_an_ordinary_namesake_is_welcome() -> None:
    leader, staff, member = make_member("王团长"), make_staff("support", name="Lily"), make_member("李雷")
    Member.objects.filter(pk=leader.pk).update(is_leader=True)
    newcomer = make_member("新人")

    def rename(to: str) -> str:
        return update_profile(member=newcomer, name=to, bio="", avatar=None, language="", now=NOW).name

    for name in ("王 团长", "王团⻓", "Lіly", "LiIy", "L1ly"):
        with pytest.raises(NameSpeaksForOthers):
            rename(name)
    assert rename(member.name) == "李雷"
    assert update_profile(member=staff, name="Lily!", bio="", avatar=None, language="", now=NOW).name == "Lily!"


def test_who_has_the_name_already_keeps_it() -> None:
    member = make_member("店主")
    assert update_profile(member=member, name="店主", bio="还是我", avatar=None, language="", now=NOW).bio == "还是我"


def test_the_sign_up_form_says_so_in_words(settings: Any) -> None:
    answer = Client().post(
        "/account/signup/", {"name": "官方客服", "contact": "13800009999"}, HTTP_ACCEPT_LANGUAGE="en"
    )
    assert "what tells you apart" in answer.content.decode()
    assert not Member.objects.filter(name="官方客服").exists()


def test_no_circle_passes_for_another_one_or_for_the_shop() -> None:
    first = make_circle(name="锦绣里团购群")
    for name in ("锦绣里 团购群", "锦绣里团购群\u202e", "锦绣里•团购群", "Green River 绿河 official"):
        with pytest.raises(NameImitates):
            create_circle(founder=make_member(), name=name, now=NOW)
    other = create_circle(founder=make_member(), name="锦绣里二期团购群", now=NOW)
    with pytest.raises(NameImitates):
        update_circle(circle=other, moderator=other.founder, changes={"name": "锦绣里（团购群）"}, now=NOW)
    update_circle(circle=other, moderator=other.founder, changes={"name": "锦绣里二期团购群", "summary": "新"}, now=NOW)
    assert create_circle(founder=first.founder, name="锦绣里团购群", now=NOW).pk != first.pk


def test_a_circles_name_has_nothing_that_cannot_be_seen() -> None:
    assert make_circle(name="山药\u202e\u200b迷").name == "山药迷"


def test_the_page_of_founding_says_what_to_do() -> None:
    make_circle(name="面包小组")
    answer = log_in(Client(), make_member()).post(
        "/circles/new",
        {"name": "面包 小组", "summary": "", "charter": "", "admission": "open"},
        HTTP_ACCEPT_LANGUAGE="en",
    )
    assert answer.status_code == 422
    assert Circle.objects.count() == 1


def test_the_shops_own_name_is_read_where_it_is_written() -> None:
    assert identity.shop_name()
