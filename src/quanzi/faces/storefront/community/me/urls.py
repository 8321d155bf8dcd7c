"""Addresses of a member's own pages, and of other people's."""

from django.urls import URLPattern, path

from quanzi.faces.storefront.community.me import (
    addresses,
    commission,
    consents,
    data,
    devices,
    erase,
    hub,
    inbox,
    invite,
    person,
    readers,
    sessions,
    trust,
)

me_urls: list[URLPattern] = [
    path("me", hub.me, name="me"),
    path("me/profile", hub.profile, name="profile"),
    path("me/addresses", addresses.book, name="addresses"),
    path("me/addresses/new", addresses.edit, name="address_new"),
    path("me/addresses/<int:address_id>", addresses.edit, name="address"),
    path("me/addresses/<int:address_id>/act", addresses.act, name="address_act"),
    path("me/sessions", sessions.sessions, name="sessions"),
    path("me/consents", consents.consents, name="consents"),
    path("me/consents/history", consents.history, name="consent_history"),
    path("me/trust", trust.trust, name="trust"),
    path("me/trust/how", trust.how, name="trust_how"),
    path("me/trust/away", trust.away, name="kept_away"),
    path("me/trust/<int:member_id>", trust.act, name="trust_act"),
    path("me/devices", devices.devices, name="devices"),
    path("me/invite", invite.invite, name="invite"),
    path("me/commission", commission.commission, name="commission"),
    path("me/commission/<int:payout_id>", commission.payout, name="payout"),
    path("me/readers", readers.readers, name="readers"),
    path("n/<int:post_id>/read", readers.note, name="post_read"),
    path("me/data", data.download, name="my_data"),
    path("me/erase", erase.erase, name="erase_me"),
    path("messages", inbox.inbox, name="messages"),
    path("messages/read", inbox.read_all, name="messages_read"),
    path("messages/<int:notice_id>", inbox.follow, name="message"),
    path("u/<int:member_id>", person.person, name="member"),
    path("u/<int:member_id>/act", person.act, name="member_act"),
]
