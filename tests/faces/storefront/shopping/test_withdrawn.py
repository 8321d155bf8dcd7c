"""Taking back the consent to be recommended to over one's ties takes hold at once, on every page that recommends."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.growth.recommending.queries import choice_of, offers_for
from quanzi.growth.recommending.services import choose
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import decide
from tests.faces.storefront.browsing import browser, page
from tests.faces.storefront.shopping.test_goods_pages import kept_line
from tests.factories.goods import make_sku
from tests.factories.people import befriend, make_member

pytestmark = pytest.mark.django_db


def say(me: Member, granted: bool, purpose: str = Purpose.RECOMMENDATION) -> None:
    decide(member=me, purpose=purpose, channel=Channel.NONE, granted=granted, where="test", now=clock.now())


@pytest.fixture
def me() -> Member:
    """Somebody whose friend kept goods and lets it be seen."""
    one, friend = make_member(), make_member("小满")
    befriend(one, friend)
    say(friend, True, Purpose.SOCIAL_PROOF)
    kept_line(friend, make_sku(stock_of=5))
    return one


def test_nothing_is_personal_any_more_and_is_again_when_it_is_allowed(me: Member) -> None:
    assert offers_for(me, now=clock.now()).is_personal
    say(me, True)
    say(me, False)
    assert choice_of(me.pk).is_withdrawn and not offers_for(me, now=clock.now()).is_personal
    assert "小满" not in page(browser(me), "for_you") and "因为你信任" not in page(browser(me), "feed")
    say(me, True)
    assert offers_for(me, now=clock.now()).is_personal


def test_the_switch_of_the_page_leads_to_the_consent_and_does_not_undo_it(me: Member) -> None:
    say(me, False)
    answer = browser(me).post(reverse("storefront:for_you"), {"personal": "on"})
    assert answer["Location"] == reverse("storefront:consents")
    assert not offers_for(me, now=clock.now()).is_personal


def test_whoever_switched_it_off_stays_off_with_the_consent(me: Member) -> None:
    say(me, True)
    choose(member=me, is_personal=False, now=clock.now())
    assert not choice_of(me.pk).is_personal and not choice_of(me.pk).is_withdrawn
