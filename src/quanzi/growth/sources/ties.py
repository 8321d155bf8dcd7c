"""Keeping what somebody recommended ties the one who kept it to them."""

from quanzi.people.trust.models import TieKind
from quanzi.people.trust.ports import Deeds

KEPT_ADVICE = Deeds(
    kind=TieKind.KEPT_ADVICE, word="line", about="line.id",
    # Who shared the page of these goods, or a post that names them, through whose own link the buyer came last within a month before ordering.
    # A link that was passed on through more than two hands is advertising (rules.FRIENDS_WORD).
    facts="""SELECT line.id, line.member_id, advice.owner_id, line.kept_at
        FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id AND o.paid_at IS NOT NULL AND o.origin <> 'replay'
        JOIN catalogue_product product ON product.id = line.product_id
        CROSS JOIN LATERAL (
            SELECT source.owner_id FROM sources_touch touch JOIN sources_source source ON source.id = touch.source_id
            WHERE touch.member_id = line.member_id AND touch.happened_at <= o.placed_at
              AND touch.happened_at > o.placed_at - interval '30 days'
              AND source.owner_id IS NOT NULL AND source.owner_id <> line.member_id AND touch.depth <= 2
              AND (source.target = '/p/' || product.slug OR EXISTS (
                    SELECT FROM posts_postproduct named WHERE named.product_id = product.id AND source.target = '/n/' || named.post_id))
            ORDER BY touch.happened_at DESC, touch.id DESC LIMIT 1) AS advice
        WHERE line.kept_at IS NOT NULL {only}""",
)  # fmt: skip
