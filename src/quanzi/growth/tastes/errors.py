"""What the room refuses."""

from __future__ import annotations

from quanzi.kernel.errors import InvalidInput
from quanzi.kernel.words import N_


class TakenAway(InvalidInput):
    code = "taste_taken_away"
    message = N_("The shop looked at your goods and took this away. Talk to the shop, which can tick it again.")
