"""Nobody takes a name by which others would be deceived about who speaks: the shop, its staff, its leaders."""

from __future__ import annotations

from django.db.models import Q

from quanzi.base.shop.identity import shop_name
from quanzi.kernel.lookalikes import skeleton
from quanzi.people.accounts.errors import NameSpeaksForOthers
from quanzi.people.accounts.models import Member

OFFICIAL = (
    "客服",
    "官方",
    "管理员",
    "店主",
    "店长",
    "小助手",
    "official",
    "support",
    "admin",
    "service",
    "staff",
    "team",
)
"""Words that, alone or beside the shop's name, claim to speak for it."""


def check_name(name: str, *, member: Member | None = None, field: str = "name") -> None:
    """Raises NameSpeaksForOthers when readers would take this name for the shop's, or for somebody's who stands for it.

    member: who wants it, None for somebody new. Staff and leaders speak for the shop; a name that looks like one's own stays.
    """
    wanted = skeleton(name)
    if member is not None and (member.is_staff or member.is_leader or skeleton(member.name) == wanted):
        return
    if _claims_the_shop(wanted) or wanted in _speakers(member):
        raise NameSpeaksForOthers(field=field)


def speaks_for_the_shop(name: str) -> bool:
    """Whether a name, of a circle for example, looks like the shop's own."""
    return _claims_the_shop(skeleton(name))


def _claims_the_shop(wanted: str) -> bool:
    rest, shop = wanted, skeleton(shop_name())
    if shop and shop in rest:
        rest = rest.replace(shop, "", 1)
    for word in OFFICIAL:
        rest = rest.replace(skeleton(word), "")
    return bool(wanted) and not rest


def _speakers(member: Member | None) -> set[str]:
    """Skeletons of the names of everybody who stands for the shop; a few hundred at most, read when a name is chosen."""
    found = Member.objects.filter(Q(is_staff=True) | Q(is_leader=True), is_active=True, erased_at=None)
    if member is not None:
        found = found.exclude(pk=member.pk)
    return {skeleton(name) for name in found.values_list("name", flat=True)} - {""}
