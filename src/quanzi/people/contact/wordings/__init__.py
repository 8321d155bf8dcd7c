"""How each kind of notice is worded. `params` of the notice fill the braces; the reader's language is used.

A room that needs a new kind adds a line to one of these tables: the wording of a kind must be known before the first one is sent.
"""

from __future__ import annotations

from quanzi.people.contact.wordings import deals, people, trade
from quanzi.people.contact.wordings.wording import Wording

WORDINGS: dict[str, Wording] = {**people.WORDINGS, **trade.WORDINGS, **deals.WORDINGS}
