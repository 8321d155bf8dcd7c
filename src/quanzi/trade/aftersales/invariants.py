"""What must hold of claims, as queries that find nothing."""

from quanzi.base.doctor import invariant


@invariant("C1", "A line is marked as disputed exactly while a claim about it is open and it is not kept")
def disputed_has_a_claim() -> str:
    return """
    SELECT l.id AS line_id, l.disputed_at, l.kept_at, c.id AS claim_id
    FROM sales_orderline l LEFT JOIN aftersales_claim c ON c.line_id = l.id AND c.state = 'open'
    WHERE (l.disputed_at IS NOT NULL AND c.id IS NULL)
       OR (c.id IS NOT NULL AND l.disputed_at IS NULL AND l.kept_at IS NULL)
    """
