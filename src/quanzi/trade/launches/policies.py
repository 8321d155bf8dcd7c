"""Who plans launches, and who speaks for a maker."""

from __future__ import annotations

from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.launches.models import Piece


def may_plan(member: Member) -> bool:
    """Staff who edit goods."""
    return can(member, "goods.edit")


def speaks_for_maker(member: Member, piece: Piece) -> bool:
    """The maker themselves, and staff who edit goods."""
    maker = piece.edition.sku.product.maker
    return (maker is not None and maker.member_id == member.pk) or can(member, "goods.edit")
