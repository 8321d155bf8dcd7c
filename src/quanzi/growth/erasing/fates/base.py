"""Pictures, the books, the log, jobs."""

from __future__ import annotations

from django.db.models import Q

from quanzi.growth.erasing.fates.vocabulary import Empty, Fate, Gone, Keep

_BOOKS = "the books say what, never of whom: numbers of orders and payments"

SHOPS = {
    "admin.logentry": "acts of the staff in the back room",
    "auth.group": "groups of the back room",
    "auth.group_permissions": "groups of the back room",
    "auth.permission": "rights of the back room",
    "contenttypes.contenttype": "names of tables",
    "procrastinate.procrastinateworker": "the queue of jobs",
    "procrastinate.procrastinatejob": "jobs are given numbers, no words",
    "procrastinate.procrastinateevent": "the queue of jobs",
    "procrastinate.procrastinateperiodicdefer": "the queue of jobs",
    "events.event": "events hold numbers, states, and reasons of the staff",
    "events.delivery": "what went wrong in the shop's own programs",
    "ledger.account": _BOOKS,
    "ledger.transaction": _BOOKS,
    "ledger.entry": _BOOKS,
    "ledger.link": _BOOKS,
    "audit.auditentry": "who acted stands as a number, and from which address, since the log proves that nothing was taken out of it",
    "audit.auditlink": "fingerprints",
    "shop.shop": "who the merchant is stands here as the law wants it",
    "shop.ruletext": "the rules of the shop",
    "shop.openingkey": "a fingerprint",
    "media.picture": "pictures go by themselves, files and all, when a member is erased",
    "films.film": "films go by themselves, files and all, when a member is erased",
    "sessions.session": "goes with the list of devices",
}
"""Tables that hold no word of or about members, and why that is so."""


def _logged_about(gone: Gone) -> Q:
    return Q(content_type__app_label="accounts", content_type__model="member", object_id=str(gone.member_id))


FATES: tuple[Fate, ...] = (
    Empty("admin.logentry", _logged_about, {"object_repr": ""}, why="an act of the staff"),
    Keep("admin.logentry", {"user": "an act of the staff"}),
)
