"""What the member is told, to the address they had. It is handed over at once and stored nowhere."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext

from quanzi.base.shop.identity import shop_name
from quanzi.base.shop.queries import shop
from quanzi.growth.erasing.fates import Gone
from quanzi.growth.erasing.models import Erasure
from quanzi.kernel.clock import local
from quanzi.people.accounts.ports import sms_provider

log = logging.getLogger(__name__)


def asked(erasure_id: int) -> None:
    """That somebody asked, until when they may think better of it, and how."""
    found = Erasure.objects.select_related("member").filter(pk=erasure_id, withdrawn_at=None, done_at=None).first()
    if found is None:
        return
    member = found.member
    contacts = [one for one in (member.email, member.phone) if one]
    with translation.override(member.language or shop().language or "zh-hans"):
        words = gettext(
            "Your account at {shop} will be erased on {day}, as was asked for. To keep it, log in before then. "
            "If you did not ask for this, log in now and change your password."
        ).format(shop=shop_name(), day=f"{local(found.due_at):%Y-%m-%d %H:%M}")
        _send(contacts, gettext("Your account will be erased"), words)


def done(gone: Gone) -> None:
    """That it is done."""
    with translation.override(shop().language or "zh-hans"):
        words = gettext(
            "Your account at {shop} is erased. Records of trade stay for as long as the law asks, without your name."
        ).format(shop=shop_name())
        _send(gone.contacts, gettext("Your account is erased"), words)


def _send(contacts: Sequence[str], title: str, words: str) -> None:
    """By letter when there is an e-mail address, else by text message. One that cannot be handed over holds up nothing."""
    mail = next((one for one in contacts if "@" in one), "")
    try:
        if mail:
            EmailMessage(subject=title, body=words + "\n", to=[mail]).send()
        elif contacts:
            sms_provider().send(contacts[0], words)
    except OSError:
        log.exception("A letter about an erasure could not be handed over.")
