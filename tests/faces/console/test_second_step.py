"""The staff's second step: nothing opens without it, and dangerous acts ask again."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from quanzi.faces.console.urls import urlpatterns
from quanzi.people.accounts import policies
from quanzi.people.accounts.models import Member
from tests.faces.console.desk import small_shop
from tests.faces.console.test_doors import POSTS, address
from tests.factories.people import give_authenticator, log_in, make_member, make_staff
from tests.factories.trade import make_paid_order

pytestmark = pytest.mark.django_db


def unarmed(role: str = "owner", **fields: Any) -> Member:
    """Staff who has set no second step yet."""
    member = make_staff(role, **fields)
    Authenticator.objects.filter(user=member).delete()
    return member


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_every_address_of_the_console_leads_staff_without_a_second_step_to_set_one() -> None:
    shop, client = small_shop(), log_in(Client(), unarmed(), second_step=False)
    for pattern in urlpatterns:
        where = address(pattern, shop)
        answer = client.post(where) if pattern.name in POSTS else client.get(where)
        assert (answer.status_code, answer.url) == (302, reverse("mfa_index")), pattern.name


@pytest.mark.django_db(transaction=True)
def test_the_first_time_leads_from_the_console_over_setting_it_back_to_the_console() -> None:
    member = unarmed()
    client = log_in(Client(headers={"accept-language": "en"}), member, second_step=False)
    page = client.get(reverse("console:orders"), follow=True)
    assert "needs a second step" in page.content.decode()
    client.get(reverse("mfa_activate_totp"))
    sent = {"code": code_now(client.session["mfa.totp.secret"])}
    codes = client.post(reverse("mfa_activate_totp"), sent, follow=True).content.decode()
    assert f'href="{reverse("console:orders")}"' in codes and "Recovery codes are made" in codes
    assert "no longer work" not in codes and "old ones" not in codes
    page = client.get(reverse("mfa_index")).content.decode()
    assert f'href="{reverse("console:orders")}"' in page
    assert client.get(reverse("console:orders")).status_code == 200


def test_a_session_from_before_the_second_step_takes_it_first_and_then_what_was_sent_is_done() -> None:
    member = make_staff("fulfilment")
    Authenticator.objects.filter(user=member).delete()
    secret = give_authenticator(member)
    client = log_in(Client(), member, second_step=False)
    answer = client.get(reverse("console:orders"))
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    answer = client.post(answer.url, {"code": code_now(secret)})
    assert answer.url == reverse("console:orders")
    assert client.get(answer.url).status_code == 200


def test_the_back_room_is_closed_without_it() -> None:
    client = log_in(Client(), unarmed(), second_step=False)
    answer = client.get("/backroom/", follow=True)
    assert answer.request["PATH_INFO"] == reverse("mfa_index")
    assert log_in(Client(), make_staff("owner")).get("/backroom/").status_code == 200
    assert log_in(Client(), make_member()).get("/backroom/", follow=True).status_code == 403


def test_permissions_of_staff_sleep_on_members_pages_too() -> None:
    order = make_paid_order()
    client = log_in(Client(), unarmed("support"), second_step=False)
    assert client.get(f"/api/v1/orders/{order.number}").status_code == 404


def test_dangerous_acts_ask_again_and_are_done_after() -> None:
    member = make_staff("owner")
    Authenticator.objects.filter(user=member).delete()
    secret = give_authenticator(member)
    client = log_in(Client(), member)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time() - 16 * 60}]
    session.save()
    order = make_paid_order()
    where = reverse("console:order_refund", args=[order.number])
    answer = client.post(where, {"reason": "spoiled", "key": "once-1"})
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    order.refresh_from_db()
    assert order.refunded_minor == 0
    client.post(answer.url, {"code": code_now(secret)})
    order.refresh_from_db()
    assert order.refunded_minor == order.amount_minor


DANGEROUS = {
    "order_refund", "order_compensate", "compensation_pay", "order_paid", "claim_decide", "claim_exchange", "dispute_decide", "lot_recall",
    "case_resolve",
    "fresh_go", "refund_again", "refund_paid", "payout_make", "payout_move", "leaders", "approval_decide", "chain_call_off",
    "limits", "staff_role", "staff_factor", "member_erase", "member_logins", "staff_invite", "staff_invitation",
    "staff_invitation_withdraw", "export_ask",
    "coupon_give", "export_fetch", "audit_export", "webhooks", "webhook_secret", "commission_rule_new", "commission_rule_end",
}  # fmt: skip
"""Money, rights, and taking along. Written out, so that a change is seen in review."""


def test_which_acts_are_dangerous() -> None:
    found = {pattern.name for pattern in urlpatterns if getattr(pattern.callback, "recent", False)}
    assert found == DANGEROUS


def test_the_demo_excuses_its_own_people_and_nobody_else(settings: Any) -> None:
    invented, real = unarmed(is_demo=True), unarmed()
    clients = [log_in(Client(), member, second_step=False) for member in (invented, real)]
    assert [client.get("/console/").status_code for client in clients] == [302, 302]
    settings.QUANZI_DEMO = True
    assert [client.get("/console/").status_code for client in clients] == [200, 302]
    assert "/account/2fa/" in clients[0].get("/console/").content.decode()


def test_a_locked_caller_can_do_nothing_as_staff() -> None:
    member = make_staff("owner")
    assert policies.permissions_of(member) == policies.ALL_PERMISSIONS
    member.staff_locked = True
    assert policies.permissions_of(member) == frozenset()
