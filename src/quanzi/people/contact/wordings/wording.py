"""The wording of one kind of notice."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.people.contact.models import Purpose


@dataclass(frozen=True)
class Wording:
    """icon: a name of the icon set; both texts are English sources, translated when read.

    purpose: what a member allows when they let this kind reach their devices; is_discreet: the body is not for a locked screen.
    """

    icon: str
    title: str
    body: str = ""
    purpose: Purpose = Purpose.AFFAIRS
    is_discreet: bool = False
