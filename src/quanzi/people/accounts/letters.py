"""Letters of our own; codes are sent by the sign-in library."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext

from quanzi.base.shop.identity import shop_name
from quanzi.base.shop.queries import shop
from quanzi.kernel.clock import local
from quanzi.people.accounts import invitations
from quanzi.people.accounts.models import StaffInvitation


def send_invitation(*, invitation_id: int, site: str, now: datetime) -> None:
    """The link for somebody who was invited, in the shop's language; nothing when the invitation is over meanwhile."""
    found = StaffInvitation.objects.select_related("made_by").filter(pk=invitation_id).first()
    if found is None or invitations.state_of(found, now=now) != "open":
        return
    with translation.override(shop().language or "zh-hans"):
        words = {"name": found.made_by.name, "shop": shop_name(), "role": found.get_role_display()}
        title = gettext("{name} invites you to the staff of {shop}").format(**words)
        parts = [
            gettext("{name} invites you to work in {shop} as: {role}.").format(**words),
            gettext("Open this link, then log in or make an account with this address:"),
            invitations.link_of(found, site=site),
            gettext("It works once and until {time}. If you do not know {name}, do nothing.").format(
                time=f"{local(found.expires_at):%Y-%m-%d %H:%M}", **words
            ),
        ]
        EmailMessage(subject=title, body="\n\n".join(parts) + "\n", to=[found.contact]).send()
