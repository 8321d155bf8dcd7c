"""Buying together ties people: everybody of a small team with everybody, of a larger one each with the opener (rules.ties)."""

from quanzi.people.trust.models import TieKind
from quanzi.people.trust.ports import Deeds
from quanzi.trade.deals.rules import EVERYBODY_TIED_UP_TO

# Who had paid when the team succeeded, whatever became of the order later.
BOUGHT_TOGETHER = Deeds(
    kind=TieKind.BOUGHT_TOGETHER, word="team", about="team.id",
    facts=f"""SELECT DISTINCT team.id, one.member_id, other.member_id, team.succeeded_at
        FROM deals_team team
        JOIN deals_seat one ON one.team_id = team.id AND one.paid_at IS NOT NULL
            AND (one.state = 'paid' OR one.ended_at > team.succeeded_at)
        JOIN deals_seat other ON other.team_id = team.id AND other.paid_at IS NOT NULL AND other.member_id <> one.member_id
            AND (other.state = 'paid' OR other.ended_at > team.succeeded_at)
        CROSS JOIN LATERAL (SELECT count(DISTINCT s.member_id) AS people FROM deals_seat s WHERE s.team_id = team.id
            AND s.paid_at IS NOT NULL AND (s.state = 'paid' OR s.ended_at > team.succeeded_at)) AS size
        WHERE team.state = 'succeeded' AND (size.people <= {EVERYBODY_TIED_UP_TO} OR team.opener_id IN (one.member_id, other.member_id))
            {{only}}""",
)  # fmt: skip
