"""A stored notice in the words of its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from quanzi.kernel.errors import fill
from quanzi.people.contact.wordings import WORDINGS
from quanzi.people.contact.wordings.reasons import reason_in_words
from quanzi.people.contact.wordings.wording import Wording


@dataclass(frozen=True)
class NoticeWords:
    """A notice as the reader sees it."""

    icon: str
    title: str
    body: str


def words_of(kind: str, params: Mapping[str, Any]) -> NoticeWords:
    """The wording of a stored notice in the active language; a kind that this version has forgotten shows its name."""
    wording = WORDINGS.get(kind, Wording("bell", kind))
    said = {name: gettext(value) if name in ("kind", "decision") else value for name, value in params.items()}
    if "reason" in said:
        said["reason"] = reason_in_words(str(said["reason"]))
    return NoticeWords(
        wording.icon, fill(gettext(wording.title), said), fill(gettext(wording.body), said) if wording.body else ""
    )
