"""What must hold about shelves."""

from quanzi.base.doctor import Rows, invariant, rows_of

NO_GOODS = """
SELECT shelf.member_id, one->>0 AS goods, one->>1 AS because, CASE
    WHEN choice.member_id IS NOT NULL THEN 'the member switched it off'
    WHEN goods.id IS NULL OR goods.state = 'draft' THEN 'no such goods for anybody'
    ELSE 'the member never paid for what is named as the reason' END AS problem
FROM recommending_shelf shelf CROSS JOIN LATERAL jsonb_array_elements(shelf.places) AS one
LEFT JOIN catalogue_product goods ON goods.id = (one->>0)::bigint
LEFT JOIN recommending_choice choice ON choice.member_id = shelf.member_id AND NOT choice.is_personal
WHERE choice.member_id IS NOT NULL OR goods.id IS NULL OR goods.state = 'draft'
   OR ((one->>1)::bigint <> 0 AND NOT EXISTS (
        SELECT FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id AND o.paid_at IS NOT NULL
        WHERE line.member_id = shelf.member_id AND line.product_id = (one->>1)::bigint))
"""


def take_away() -> None:
    """Such shelves are made anew by the next training."""
    rows_of(
        f"DELETE FROM recommending_shelf WHERE member_id IN (SELECT member_id FROM ({NO_GOODS}) ill) RETURNING member_id"
    )


@invariant("RC1", "Goods chosen for a member are goods of the shop, for a reason that is so", fix=take_away)
def shelves_are_true() -> Rows:
    """Places of shelves that name no goods, or a reason that never was."""
    return rows_of(NO_GOODS)
