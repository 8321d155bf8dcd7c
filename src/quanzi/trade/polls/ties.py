"""What asking friends tells of people: who replied, whose answer helped, whose advice was kept."""

from quanzi.people.trust.models import TieKind
from quanzi.people.trust.ports import Deeds

REPLIED = Deeds(
    kind=TieKind.REPLIED, word="asked", about="a.id",
    facts="""SELECT a.id, a.member_id, p.asker_id, a.answered_at FROM polls_asked a JOIN polls_poll p ON p.id = a.poll_id
        WHERE a.answered_at IS NOT NULL {only}""",
)  # fmt: skip

HELPED = Deeds(
    kind=TieKind.HELPED, word="asked", about="a.id",
    # The asker is tied to the helper since the help was given.
    facts="""SELECT a.id, p.asker_id, a.member_id, a.answered_at FROM polls_asked a JOIN polls_poll p ON p.id = a.poll_id
        WHERE a.thanked_at IS NOT NULL {only}""",
)  # fmt: skip

ADVISED = Deeds(
    kind=TieKind.KEPT_ADVICE, word="asked_line", about="line.id",
    # Who said yes to these goods before the asker ordered them by the question, and the asker kept them.
    facts="""SELECT line.id, p.asker_id, a.member_id, line.kept_at
        FROM polls_good g JOIN polls_poll p ON p.id = g.poll_id JOIN polls_asked a ON a.good_id = g.id
        JOIN sales_order o ON o.id = g.order_id AND o.paid_at IS NOT NULL AND a.answered_at < o.placed_at
        JOIN sales_orderline line ON line.order_id = o.id AND line.sku_id = g.sku_id
        WHERE line.kept_at IS NOT NULL {only}""",
)  # fmt: skip

DEEDS = (REPLIED, HELPED, ADVISED)
