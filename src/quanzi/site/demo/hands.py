"""Three accounts of the demo that one hand moves: a browser, a door and teams of their own. The moderator has not decided yet."""

from __future__ import annotations

from quanzi.growth.rings.services import look
from quanzi.growth.sources.services import record_touch
from quanzi.people.accounts.services import add_address
from quanzi.site.demo.stage import Stage

PEOPLE = ("p22", "p24", "p35")
DEAL, AGO = "yam", (11.2, 10.1, 8.3)
TABLET = "demo-shared-tablet"


def pretend(stage: Stage) -> None:
    """They buy together three times, and nobody else is ever with them."""
    for place, key in enumerate(PEOPLE):
        member = stage.people[key]
        at = stage.ago(12 - 0.1 * place)
        record_touch(visitor_key=TABLET, source=stage.sources["ad"], path="/discover", member_id=member.pk, now=at)
        add_address(
            member=member, recipient=member.name, phone="13800000000", region_code="330106", detail="古墩路 77 号 B 座 1203",
            now=at,
        )  # fmt: skip
    for days in AGO:
        team = stage.open_team(PEOPLE[0], DEAL, stage.ago(days))
        orders = [stage.join_team(key, team, stage.ago(days - 0.02), invited_by=PEOPLE[0]) for key in PEOPLE[1:]]
        for order in [team.seats.get(member=stage.people[PEOPLE[0]]).order, *orders]:
            order.refresh_from_db()
            stage.hand_over(order, stage.ago(days - 3))
    look(now=stage.ago(0.2))
