"""Inviting to the staff: a link that is good once, for whom it is meant, while who made it may make it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client

from quanzi.base.audit.models import AuditEntry
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts import errors, invitations, letters, services
from quanzi.people.accounts.models import Member, StaffInvitation, StaffRole
from quanzi.people.accounts.sms import KeptSms
from tests.factories.people import invitation_link, log_in, make_invitation, make_member, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    cache.clear()
    yield
    cache.clear()


def accept(made: StaffInvitation, member: Member, **words: Any) -> Member:
    token = invitation_link(made).rpartition("/")[2]
    return services.accept_invitation(**{"token": token, "member": member, "now": clock.now()} | words)


def english(member: Member | None = None) -> Client:
    client = Client(headers={"accept-language": "en"})
    return log_in(client, member) if member else client


def bare(answer: Any) -> str:
    """A page without its token and its form's proof of origin."""
    drawn = answer.content.decode().replace(answer.wsgi_request.path.rpartition("/")[2], "")
    return re.sub(r"[A-Za-z0-9]{64}", "", drawn)


class TestOnce:
    def test_whoever_holds_the_link_takes_the_role_once_and_it_stands_in_the_log(self) -> None:
        made, member = make_invitation(role="finance"), make_member()
        assert accept(made, member).staff_role == "finance"
        made.refresh_from_db()
        assert (made.ended_as, made.accepted_by_id) == ("accepted", member.pk)
        with pytest.raises(errors.InvitationOver):
            accept(made, make_member())
        rows = AuditEntry.objects.filter(target=f"staff_invitation:{made.pk}").order_by("pk")
        assert [(row.action, row.actor_id) for row in rows] == [
            ("staff.invited", made.made_by_id), ("staff.invitation_accepted", member.pk),
        ]  # fmt: skip
        assert AuditEntry.objects.filter(action="staff.role", target=f"member:{member.pk}", actor_id=member.pk).exists()

    def test_expired_withdrawn_forged_and_an_owner_who_left_open_nothing(self) -> None:
        now, member = clock.now(), make_member()
        with pytest.raises(errors.InvitationOver):
            accept(make_invitation(days=1), member, now=now + timedelta(days=1, seconds=1))
        withdrawn = make_invitation()
        services.withdraw_invitation(invitation_id=withdrawn.pk, by=withdrawn.made_by, now=now)
        left = make_invitation()
        services.set_staff_role(member=left.made_by, role="operator", actor="system", now=now)
        for made in (withdrawn, left):
            with pytest.raises(errors.InvitationOver):
                accept(made, member)
        for token in ("", "x", make_invitation().nonce, f"{make_invitation().nonce}.AAAA", "a.b.c"):
            with pytest.raises(errors.InvitationOver):
                services.accept_invitation(token=token, member=member, now=now)
        assert not Member.objects.get(pk=member.pk).is_staff
        with pytest.raises(errors.InvitationOver):
            services.withdraw_invitation(invitation_id=withdrawn.pk, by=make_staff("owner"), now=now)

    def test_a_named_contact_lets_only_whoever_proved_it_in(self) -> None:
        guest = make_member()
        for contact in (str(guest.email).upper(), str(guest.phone).removeprefix("+86")):
            made = make_invitation(contact=contact)
            with pytest.raises(errors.NotTheInvited):
                accept(made, make_member())
        Member.objects.filter(pk=guest.pk).update(phone_verified_at=None)
        with pytest.raises(errors.NotTheInvited):
            accept(made, guest)
        Member.objects.filter(pk=guest.pk).update(phone_verified_at=clock.now())
        assert accept(made, guest).is_staff

    def test_nobody_of_the_staff_changes_their_role_by_a_link(self) -> None:
        with pytest.raises(errors.StaffAlready):
            accept(make_invitation(role="owner"), make_staff("support"))


class TestInviting:
    def test_only_owners_who_took_their_step_invite_and_only_so_many_a_day(self) -> None:
        owner, now = make_staff("owner"), clock.now()
        for role in set(StaffRole.values) - {"owner"}:
            with pytest.raises(NotAllowed):
                make_invitation(by=make_staff(role))
        owner.staff_locked = True
        with pytest.raises(NotAllowed):
            make_invitation(by=owner)
        owner.staff_locked = False
        for _ in range(20):
            make_invitation(by=owner, now=now)
        with pytest.raises(errors.TooManyInvitations):
            make_invitation(by=owner, now=now)
        make_invitation(by=owner, now=now + timedelta(days=1))

    @pytest.mark.parametrize(
        ("words", "refusal"),
        [
            ({"role": "king"}, errors.UnknownRole), ({"contact": "nobody"}, errors.NotAContact), ({"contact": "a@"}, errors.NotAContact),
            ({"days": 0}, errors.BadInvitationDays), ({"days": 15}, errors.BadInvitationDays),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_refused(self, words: dict[str, Any], refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            make_invitation(**words)

    def test_a_second_one_for_the_same_contact_ends_the_first(self) -> None:
        first = make_invitation(contact="new@people.example")
        second = make_invitation(contact="New@people.example ")
        first.refresh_from_db()
        assert (first.ended_as, second.contact) == ("withdrawn", "new@people.example")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE accounts_staffinvitation SET ended_as = '', ended_at = NULL WHERE id = %s", [first.pk]
            )

    def test_an_address_gets_a_letter_with_the_link_and_a_withdrawn_one_none(self) -> None:
        made = make_invitation(contact="new@people.example", role="support")
        letters.send_invitation(invitation_id=made.pk, site="https://shop.example/", now=clock.now())
        (letter,) = mail.outbox
        assert letter.to == ["new@people.example"]
        assert f"https://shop.example{invitation_link(made)}" in letter.body
        services.withdraw_invitation(invitation_id=made.pk, by=made.made_by, now=clock.now())
        letters.send_invitation(invitation_id=made.pk, site="https://shop.example/", now=clock.now())
        assert len(mail.outbox) == 1

    def test_it_is_forgotten_a_month_after_it_ended(self) -> None:
        made = make_invitation()
        assert services.forget_invitations(now=made.expires_at + timedelta(days=29)) == 0
        assert services.forget_invitations(now=made.expires_at + timedelta(days=31)) == 1


class TestPages:
    def test_links_that_are_over_look_like_links_that_never_were(self) -> None:
        used, expired = make_invitation(), make_invitation(now=clock.now() - timedelta(days=5))
        accept(used, make_member())
        answers = [
            english().get(path) for path in (invitation_link(used), invitation_link(expired), "/invited/no.thing")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({bare(answer) for answer in answers}) == 1

    def test_a_visitor_is_led_to_log_in_and_back_and_reads_no_whole_contact(self) -> None:
        link = invitation_link(make_invitation(contact="secretive@people.example"))
        answer = english().get(link)
        assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
        drawn = answer.content.decode()
        assert f"/account/signup/?next={link.replace('/', '%2F')}" in drawn
        assert "secretive" not in drawn and "s***@people.example" in drawn
        assert english().post(link).status_code == 200

    def test_the_invited_person_takes_the_role_sets_a_second_step_and_is_in(self) -> None:
        made, member = make_invitation(), make_member()
        client = english(member)
        before = client.session.session_key
        answer = client.post(invitation_link(made))
        assert (answer.status_code, answer.url) == (302, "/console/")
        assert client.session.session_key != before
        assert client.get("/console/").url == "/account/2fa/"
        assert not Authenticator.objects.filter(user=member).exists()
        assert "Your role" not in client.get("/me").content.decode()

    @pytest.mark.parametrize("contact", ["139 0000 0001", "new@people.example"])
    def test_a_newcomer_makes_an_account_by_the_link_and_comes_back_to_it(self, contact: str) -> None:
        link = invitation_link(make_invitation(contact=contact))
        client, sent = english(), {"name": "林小雨", "contact": contact, "next": link}
        answer = client.post("/account/signup/", sent)
        said = mail.outbox[-1].body if "@" in contact else KeptSms.sent[-1][1]
        code = re.findall(r"(?<!\d)\d{6}(?!\d)", said)[0]
        answer = client.post(answer.url, {"code": code})
        assert (answer.status_code, answer.url) == (302, link)
        assert "Take the role" in client.get(link).content.decode()
        assert client.post(link).url == "/console/"
        assert client.get("/console/").url == "/account/2fa/"

    def test_somebody_else_is_told_for_whom_it_is_and_nothing_is_given(self) -> None:
        member = make_member()
        link = invitation_link(make_invitation(contact="new@people.example"))
        client = english(member)
        assert "the invitation is for n***@people.example" in client.get(link).content.decode()
        assert client.post(link).status_code == 403
        assert not Member.objects.get(pk=member.pk).is_staff

    def test_guessing_is_slowed_down(self) -> None:
        client = english()
        statuses = {client.get("/invited/no.thing").status_code for _ in range(61)}
        assert statuses == {404, 429}


class TestConsole:
    def test_an_owner_makes_a_link_sees_it_and_withdraws_it(self) -> None:
        client = english(make_staff("owner"))
        answer = client.post("/console/staff/invitations", {"role": "support", "contact": "", "days": "3"})
        made = StaffInvitation.objects.get()
        assert answer.url == f"/console/staff/invitations/{made.pk}"
        assert invitation_link(made) in client.get(answer.url).content.decode()
        assert "waits" in client.get("/console/staff").content.decode()
        client.post(f"{answer.url}/withdraw")
        made.refresh_from_db()
        assert made.ended_as == "withdrawn"
        assert invitation_link(made) not in client.get(answer.url).content.decode()

    def test_the_link_is_read_only_after_a_fresh_second_step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made, client = make_invitation(), english(make_staff("owner"))
        where = f"/console/staff/invitations/{made.pk}"
        monkeypatch.setattr("quanzi.people.accounts.second_step.RECENT", timedelta(0))
        drawn = client.get(where).content.decode()
        assert invitation_link(made) not in drawn and "Show the link" in drawn
        assert client.post(where).url.startswith("/account/2fa/reauthenticate/")


class TestApi:
    def test_an_owner_invites_lists_and_withdraws_and_the_invited_accepts(self) -> None:
        owner, member = english(make_staff("owner")), english(make_member())
        api = "/api/v1/staff/invitations"
        made = owner.post(api, {"role": "finance"}, content_type="application/json")
        assert made.status_code == 201
        token = made.json()["link"].rpartition("/")[2]
        assert "link" not in owner.get(api).json()[0] and owner.get(api).json()[0]["state"] == "open"
        taken = member.post("/api/v1/me/staff-invitation", {"token": token}, content_type="application/json")
        assert (taken.status_code, taken.json()) == (200, {"staff_role": "finance"})
        again = english(make_member()).post(
            "/api/v1/me/staff-invitation", {"token": token}, content_type="application/json"
        )
        assert (again.status_code, again.json()["code"]) == (404, "invitation_over")
        other = make_invitation()
        assert owner.delete(f"{api}/{other.pk}").status_code == 204
        assert owner.delete(f"{api}/{other.pk}").status_code == 404
        assert english(make_staff("operator")).get(api).status_code == 403

    def test_nobody_invites_with_an_old_step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        owner = english(make_staff("owner"))
        monkeypatch.setattr("quanzi.people.accounts.second_step.RECENT", timedelta(0))
        made = owner.post("/api/v1/staff/invitations", {"role": "finance"}, content_type="application/json")
        assert (made.status_code, made.json()["code"]) == (403, "confirm_again")
        assert not StaffInvitation.objects.exists()


def test_who_invited_and_states_are_told_apart() -> None:
    now = clock.now()
    made = make_invitation()
    assert invitations.state_of(made, now=now) == "open"
    assert invitations.state_of(made, now=made.expires_at) == "expired"
    services.set_staff_role(member=made.made_by, role="operator", actor="system", now=now)
    assert invitations.state_of(StaffInvitation.objects.get(pk=made.pk), now=now) == "void"
