"""Members, profiles, roles, addresses, divisions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from quanzi.base.audit.models import AuditEntry
from quanzi.base.events.models import Event
from quanzi.base.media.models import Picture
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, InvalidInput
from quanzi.people.accounts import divisions, errors, queries, services
from quanzi.people.accounts.models import Address, CodesSent, Member, StaffRole
from quanzi.people.accounts.policies import ALL_PERMISSIONS, ROLE_PERMISSIONS, can, permissions_of
from quanzi.people.accounts.rules import clean_phone, masked, visible
from tests.factories.people import WEST_LAKE, make_address, make_member, make_staff

pytestmark = pytest.mark.django_db


def test_a_member_made_for_somebody_is_confirmed_and_announced_once():
    member = make_member()
    assert member.confirmed_at and member.email_verified_at and member.phone_verified_at
    assert not services.welcome(member=member, now=clock.now())
    assert Event.objects.filter(name="accounts.MemberJoined").count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " "}, errors.NameNeeded),
        ({"name": "x" * 41}, errors.NameNeeded),
        ({"phone": "12"}, errors.NotAPhone),
        ({"email": "no"}, InvalidInput),
    ],
)
def test_a_member_with_bad_values_is_refused(fields, error):
    with pytest.raises(error):
        make_member(**{"name": "林", **fields})


def test_a_contact_belongs_to_one_member():
    make_member(email="one@example.com", phone="13900000001")
    with pytest.raises(errors.ContactTaken):
        make_member(email="ONE@example.com")
    with pytest.raises(errors.ContactTaken):
        make_member(phone="+86 139 0000 0001")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13900000001", "+8613900000001"),
        ("139-0000-0001", "+8613900000001"),
        ("１３９００００００００", "+8613900000000"),
        ("008613900000001", "+8613900000001"),
        ("+1 650-253-0000", "+16502530000"),
        ("021-62345678", "+862162345678"),
    ],
)
def test_telephone_numbers_are_kept_in_one_form(text, number):
    assert clean_phone(text) == number


@pytest.mark.parametrize(
    "text", ["", "abc", "123", "+", "139000000019999", "139 0000 0001;ext=5", "'; DROP TABLE", "9" * 400]
)
def test_what_is_no_telephone_number_is_refused(text):
    with pytest.raises(errors.NotAPhone):
        clean_phone(text)


def test_names_lose_what_cannot_be_seen_and_keep_what_can():
    assert visible("  林\u202e小\u200b雨\t阿 姨 ") == "林小雨 阿 姨"
    assert visible("👩\u200d🍳 禾间") == "👩\u200d🍳 禾间"
    assert visible("\u200d\ufeff\x00") == ""


def test_contacts_are_masked_where_others_may_look():
    assert (masked("+8613812345678"), masked("lin@example.com")) == ("+86138****5678", "l***@example.com")


def test_a_profile_names_every_bad_field_at_once_and_changes_nothing():
    member, now = make_member("林"), clock.now()
    theirs = Picture.objects.create(
        owner_id=member.pk + 1, sha256="0" * 64, width=1, height=1, bytes=1, purpose="avatar", created_at=now
    )
    with pytest.raises(Errors) as caught:
        services.update_profile(member=member, name="", bio="长" * 201, avatar=theirs, language="xx", now=now)
    assert set(caught.value.fields) == {"name", "bio", "avatar", "language"}
    member.refresh_from_db()
    assert member.name == "林"
    services.update_profile(member=member, name="林小雨", bio="爱吃鱼", avatar=None, language="en", now=now)
    member.refresh_from_db()
    assert (member.name, member.bio, member.language) == ("林小雨", "爱吃鱼", "en")


def test_attempts_are_forgotten_after_a_day_and_members_never():
    member, now = make_member(), clock.now()
    attempt = Member.objects.create(name="试", phone="+8613900000001", confirmed_at=None, joined_at=now)
    assert services.forget_attempts(now=now + timedelta(hours=23)) == 0
    assert services.forget_attempts(now=now + timedelta(hours=25)) == 1
    assert set(Member.objects.values_list("pk", flat=True)) == {member.pk} and attempt.pk


def test_a_role_gives_its_permissions_and_nothing_more():
    assert permissions_of(make_staff(StaffRole.OWNER)) == ALL_PERMISSIONS
    for role, granted in ROLE_PERMISSIONS.items():
        assert permissions_of(make_staff(role)) == granted
    for nobody in (make_member(), AnonymousUser(), None):
        assert permissions_of(nobody) == frozenset()
    with pytest.raises(ValueError):
        can(make_member(), "orders.veiw")


def test_a_role_that_was_taken_gives_nothing_and_every_change_is_written_down():
    member = make_staff(StaffRole.FINANCE)
    assert can(member, "money.view")
    member = services.set_staff_role(member=member, role="", actor="system", now=clock.now())
    assert not can(member, "money.view") and not member.is_staff
    with pytest.raises(errors.UnknownRole):
        services.set_staff_role(member=member, role="king", actor="system", now=clock.now())
    assert [entry.after for entry in AuditEntry.objects.filter(action="staff.role").order_by("id")] == [
        {"staff_role": "finance"}, {"staff_role": ""},
    ]  # fmt: skip


def test_an_inactive_member_of_the_staff_may_nothing():
    member = make_staff(StaffRole.OWNER)
    member.is_active = False
    assert permissions_of(member) == frozenset()


def test_divisions_are_complete_down_to_the_district():
    provinces = divisions.provinces()
    assert len(provinces) == 33
    districts = [d for p in provinces for c in divisions.cities(p.code) for d in divisions.districts(c.code)]
    assert len({d.code for d in districts}) == len(districts) > 2800
    assert all(divisions.is_district(d.code) and len(d.code) == 6 for d in districts)
    for district in districts:
        province, city, code = divisions.line_of(district.code)
        assert code == district.code and district in divisions.districts(city)
        assert city in {one.code for one in divisions.cities(province)}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("330106", "浙江省杭州市西湖区"), ("110105", "北京市朝阳区"), ("441900", "广东省东莞市"),
        ("419001", "河南省济源市"), ("810000", "香港特别行政区"), ("000000", ""), ("", ""), ("33", ""),
    ],
)  # fmt: skip
def test_a_division_has_its_full_name(code, name):
    assert divisions.name_of(code) == name


def test_only_the_finest_division_is_an_address():
    assert [divisions.is_district(code) for code in ("330000", "330100", "330106", "999999", "'")] == [
        False, False, True, False, False,
    ]  # fmt: skip
    assert divisions.cities("999999") == divisions.districts("330000") == ()


def test_the_first_address_is_the_default_and_one_at_most_is():
    member = make_member()
    first, second = make_address(member), make_address(member, is_default=True)
    assert first.region_name == "浙江省杭州市西湖区" and first.phone == "+8613800000001"
    assert [row.pk for row in queries.addresses(member)] == [second.pk, first.pk]
    services.remove_address(member=member, address_id=second.pk, now=clock.now())
    assert [(row.pk, row.is_default) for row in queries.addresses(member)] == [(first.pk, True)]


def test_an_address_names_every_bad_field_at_once():
    member = make_member()
    with pytest.raises(Errors) as caught:
        make_address(member, recipient="", phone="1", region_code="330100", detail="x" * 121)
    assert set(caught.value.fields) == {"recipient", "phone", "region_code", "detail"}
    assert not Address.objects.exists()


def test_somebody_elses_address_is_not_there():
    address, other = make_address(make_member()), make_member()
    given = {"recipient": "a", "phone": "13800000001", "region_code": WEST_LAKE, "detail": "b", "now": clock.now()}
    for act in (
        lambda: services.update_address(member=other, address_id=address.pk, **given),
        lambda: services.remove_address(member=other, address_id=address.pk, now=clock.now()),
        lambda: services.set_default_address(member=other, address_id=address.pk, now=clock.now()),
    ):
        with pytest.raises(errors.AddressNotFound):
            act()
    assert queries.address_of(other, address.pk) is None
    address.refresh_from_db()
    assert address.removed_at is None and address.recipient == "林小雨"


def test_an_address_book_has_an_end():
    member = make_member()
    for _ in range(20):
        make_address(member)
    with pytest.raises(errors.TooManyAddresses):
        make_address(member)


def test_cards_of_many_members_take_one_query(django_assert_num_queries):
    ids = [make_member().pk for _ in range(20)]
    for wanted in (ids[:1], ids):
        with django_assert_num_queries(1):
            assert set(queries.cards(wanted)) == set(wanted)
    assert queries.cards([]) == {}


@pytest.mark.parametrize(
    "change",
    [
        "phone = '13900000001'", "name = '  '", "is_staff = true", "staff_role = '', is_staff = true",
        "erased_at = now()",
    ],
)  # fmt: skip
def test_raw_sql_cannot_make_a_member_wrong(change):
    member = make_member()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_member SET {change} WHERE id = %s", [member.pk])


def test_raw_sql_cannot_send_a_sixth_code():
    for _ in range(5):
        services.note_code_sent(recipient="+8613900000001", now=clock.now())
    with pytest.raises(errors.TooManyCodes):
        services.note_code_sent(recipient="+8613900000001", now=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        CodesSent.objects.update(sent=6)
    assert services.note_code_sent(recipient="+8613900000001", now=clock.now() + timedelta(days=1)) == 1
