"""What must hold of launches at every moment; the doctor runs these."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.goods.pricing.timed import drop_timed
from quanzi.kernel import clock
from quanzi.trade.launches import rules, services
from quanzi.trade.launches.models import BrandDay

PATIENCE = timedelta(minutes=15)
"""How long a launch may be past its start or its end before somebody looks."""

require_audit("launches.plan_day", "SELECT 'brand_day:' || id AS target FROM launches_brandday")
require_audit("launches.open_edition", "SELECT 'edition:' || id AS target FROM launches_edition")
require_audit("launches.plan", "SELECT 'launch:' || id AS target FROM launches_launch")


def go_on() -> None:
    """Draw, give turns on and end what is due."""
    services.run_due(clock.now())


def pass_pieces_on() -> None:
    """Turns for pieces that nobody used go to the next."""
    services.pass_on_due(clock.now())


@invariant("LA1", "A launch begins and ends in time, and a turn that is over has passed on", fix=go_on)
def launches_go_on() -> Rows:
    return rows_of(
        """SELECT id AS launch, 'has not been drawn' AS problem FROM launches_launch WHERE state = 'planned' AND starts_at < %(limit)s
           UNION ALL
           SELECT id, 'has not ended' FROM launches_launch WHERE state = 'selling' AND ends_at < %(limit)s
           UNION ALL
           SELECT launch_id, 'turn of place ' || id || ' has not passed on' FROM launches_place WHERE state = 'turn' AND turn_until < %(limit)s
           UNION ALL
           SELECT p.launch_id, 'order ' || o.number || ' has ended and has its place'
             FROM launches_place p JOIN sales_order o ON o.id = p.order_id
            WHERE p.state = 'ordered' AND (o.state = 'cancelled' OR o.state = 'refunded' AND o.handed_over_at IS NULL)""",
        {"limit": clock.now() - PATIENCE},
    )


@invariant("LA2", "Every place before the start is the one that the sealed seed gives, and turns follow the places")
def lots_follow_their_seed() -> str:
    return """
        SELECT l.id AS launch, 'the seed is not the sealed one' AS problem FROM launches_launch l
         WHERE l.seed <> '' AND encode(sha256(convert_to(l.seed, 'UTF8')), 'hex') <> l.seed_hash
         UNION ALL
        SELECT lot.launch_id, 'place ' || lot.code || ' is ' || lot.position || ', drawn ' || lot.drawn FROM (
            SELECT p.launch_id, p.code, p.position,
                   row_number() OVER (PARTITION BY l.id ORDER BY launches_ticket(l.seed, p.code), p.code COLLATE "C") AS drawn
              FROM launches_place p JOIN launches_launch l ON l.id = p.launch_id AND l.seed <> ''
             WHERE p.position IS NOT NULL AND p.entered_at < l.starts_at) lot
         WHERE lot.position <> lot.drawn
         UNION ALL
        SELECT w.launch_id, 'place ' || w.position || ' waits behind a later turn' FROM launches_place w
         WHERE w.state = 'waiting' AND EXISTS (
            SELECT 1 FROM launches_place t WHERE t.launch_id = w.launch_id AND t.turn_from IS NOT NULL AND t.position > w.position)"""


@invariant("LA3", "Units of a launch: counted right, set aside on the shelf, within the limit for one member")
def units_add_up() -> str:
    return """
        SELECT l.id AS launch, 'counts ' || l.taken || ' taken, ' || l.held || ' held' AS problem
          FROM launches_launch l LEFT JOIN launches_place p ON p.launch_id = l.id AND p.state IN ('turn', 'ordered')
         GROUP BY l.id HAVING l.taken <> coalesce(sum(p.granted), 0)
            OR l.held <> CASE WHEN l.state IN ('planned', 'selling')
                              THEN l.units - coalesce(sum(p.granted) FILTER (WHERE p.state = 'ordered'), 0) ELSE 0 END
         UNION ALL
        SELECT l.id, 'holds ' || count(r.id) || ' on the shelf for ' || l.held FROM launches_launch l
          LEFT JOIN stock_reservation r ON r.state = 'live' AND r.sku_id = l.sku_id AND starts_with(r.ref, 'launch:' || l.id || ':')
         GROUP BY l.id HAVING count(r.id) <> l.held
         UNION ALL
        SELECT p.launch_id, 'member ' || p.member_id || ' bought ' || sum(p.granted)
          FROM launches_place p JOIN launches_launch l ON l.id = p.launch_id
         WHERE p.state = 'ordered' GROUP BY p.launch_id, p.member_id, l.limit_each HAVING sum(p.granted) > l.limit_each
         UNION ALL
        SELECT substring(a.source FROM 8)::bigint, 'order ' || o.number || ' has its price without a turn'
          FROM sales_adjustment a JOIN sales_order o ON o.id = a.order_id
         WHERE starts_with(a.source, 'launch:') AND NOT EXISTS (SELECT 1 FROM launches_place p WHERE p.order_id = o.id)"""


def hold_prices() -> None:
    """Write the prices of days that are ahead or open for every cart once more."""
    for day in BrandDay.objects.filter(ends_at__gt=clock.now()):
        drop_timed(source=f"{rules.DAY}:{day.pk}")
        if day.called_off_at is None:
            services.hold_prices(day)


@invariant("LA5", "In the hours of a brand day its prices hold in every cart", fix=hold_prices)
def day_prices_hold_everywhere() -> Rows:
    return rows_of(
        """SELECT coalesce(g.day_id::text, w.source) AS day, 'goods ' || coalesce(g.sku_id, w.sku_id) || ' cost '
                  || coalesce(g.price_minor::text, 'nothing') || ' on its page, ' || coalesce(w.price_minor::text, 'nothing')
                  || ' in a cart' AS problem
             FROM (SELECT g.day_id, g.sku_id, g.price_minor, d.starts_at, d.ends_at
                     FROM launches_daygood g JOIN launches_brandday d ON d.id = g.day_id
                    WHERE d.called_off_at IS NULL AND d.ends_at > %(now)s) g
             FULL JOIN (SELECT * FROM pricing_timedprice WHERE starts_with(source, 'day:') AND ends_at > %(now)s) w
               ON w.source = 'day:' || g.day_id AND w.sku_id = g.sku_id
            WHERE (g.price_minor, g.starts_at, g.ends_at) IS DISTINCT FROM (w.price_minor, w.starts_at, w.ends_at)""",
        {"now": clock.now()},
    )


@invariant(
    "LA4", "Each numbered piece is free, offered to one who waits, or somebody's by a living order", fix=pass_pieces_on
)
def pieces_are_somebodys() -> Rows:
    return rows_of(
        """SELECT p.id AS piece, 'its order ' || o.number || ' has ended' AS problem FROM launches_piece p JOIN sales_order o ON o.id = p.order_id
            WHERE p.state IN ('ordered', 'owned') AND (o.state = 'cancelled' OR o.state = 'refunded' AND o.handed_over_at IS NULL)
           UNION ALL
           SELECT p.id, 'state ' || p.state || ' with an order that is ' || o.state FROM launches_piece p JOIN sales_order o ON o.id = p.order_id
            WHERE (p.state = 'owned') <> (o.paid_at IS NOT NULL)
           UNION ALL
           SELECT p.id, 'is offered to nobody' FROM launches_piece p
            WHERE p.state = 'offered' AND NOT EXISTS (SELECT 1 FROM launches_ask a WHERE a.piece_id = p.id AND a.state = 'turn')
           UNION ALL
           SELECT a.piece_id, 'a turn has not passed on' FROM launches_ask a WHERE a.state = 'turn' AND a.turn_until < %(limit)s
           UNION ALL
           SELECT p.id, 'is free while somebody waits' FROM launches_piece p
            WHERE p.state = 'free' AND EXISTS (SELECT 1 FROM launches_ask a WHERE a.edition_id = p.edition_id AND a.state = 'waiting')
           UNION ALL
           SELECT NULL, 'order ' || o.number || ' has numbered goods and no piece'
             FROM launches_edition e JOIN sales_orderline l ON l.sku_id = e.sku_id
             JOIN sales_order o ON o.id = l.order_id WHERE l.quantity <> 1 OR NOT starts_with(o.waits_for, 'piece:')""",
        {"limit": clock.now() - PATIENCE},
    )
