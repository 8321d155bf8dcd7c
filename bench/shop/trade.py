"""Orders with lines, payments, hand-overs, stock and books; deals and their open teams.

Every order is paid. Of those without a team nineteen in twenty are completed and kept; the others, and those of teams, wait.
"""

POINTS = """
INSERT INTO sales_pickuppoint (name, address, hours, hours_en, is_open, is_demo, leader_id)
SELECT '站点 ' || n, '路口 ' || n, '周五 16:00–20:00', 'Fri 16:00–20:00', true, false, 1 FROM generate_series(1, 3) n
"""

DEALS = """
WITH made AS (
    INSERT INTO deals_groupdeal (id, sku_id, team_size, price_minor, currency, reason_zh, reason_en, window_minutes, per_member_limit,
        max_per_seat, refund_rule, starts_at, is_demo)
    SELECT n, s.id, 3, s.price_minor * 8 / 10, 'CNY', '三份同箱', 'One box of three', 43200, 9, 9, 'until_handover', %(now)s -
        interval '60 days', false
    FROM generate_series(%(first)s, %(last)s) n JOIN catalogue_sku s ON s.id = 4 * (n * (%(products)s / %(deals)s) - 1) + 1
    RETURNING id)
INSERT INTO audit_auditentry (at, actor_label, action, target, ip, request_id, session)
SELECT %(now)s - interval '60 days', 'system', 'deal.created', 'deal:' || id, '', '', '' FROM made
"""

# Kept at once with the windows that have run out long ago: 20 to 350 days.
_KEPT = """CASE WHEN o %% 20 <> 0 THEN at + interval '14 days' END"""
_LEFT = """CASE WHEN o %% 20 <> 0 THEN at + interval '2 days' END"""
_LINE = """sales_orderline (id, title, quantity, list_minor, unit_minor, paid_minor, cost_minor, refunded_minor, released_minor,
    handed_over_at, received_at, claim_closes_at, return_closes_at, kept_at, released_at, lot_id, member_id, order_id, product_id, sku_id)"""

# Lines are numbered 2 * order - 1 and, for every third order, 2 * order.
LINES = f"""
INSERT INTO {_LINE}
SELECT 2 * o - 1 + k, p.name || ' · ' || (s.options->>'规格'), 1, s.price_minor, s.price_minor, s.price_minor, s.cost_minor, 0,
    CASE WHEN o %% 20 <> 0 THEN s.price_minor ELSE 0 END, left_at, left_at, left_at + interval '2 days', left_at + interval '8 days',
    {_KEPT}, {_KEPT}, CASE WHEN o %% 20 <> 0 THEN s.id END, member, o, s.product_id, s.id
FROM generate_series(%(first)s, %(last)s) o, generate_series(0, CASE WHEN o %% 3 = 0 THEN 1 ELSE 0 END) k,
    LATERAL (SELECT %(now)s - make_interval(secs => 20 * 86400 + 330.0 * 86400 * (%(orders)s - o) / %(orders)s)) AS t(at),
    LATERAL (SELECT {_LEFT}) AS h(left_at),
    LATERAL (SELECT 1 + bench.r(o, 200, %(members)s)) AS m(member),
    LATERAL (SELECT 1 + (bench.r(o, 201, 4 * %(products)s) + k * 4) %% (4 * %(products)s)) AS w(sku)
    JOIN catalogue_sku s ON s.id = w.sku JOIN catalogue_product p ON p.id = s.product_id
"""

TEAM_LINES = f"""
INSERT INTO {_LINE}
SELECT 2 * (%(orders)s + t * 2 - 1 + k) - 1, p.name || ' · ' || (s.options->>'规格'), 1, s.price_minor, d.price_minor,
    d.price_minor, s.cost_minor, 0, 0,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1 + (bench.r(t, 210, %(members)s) + k) %% %(members)s, %(orders)s + t * 2 - 1 + k, s.product_id, s.id
FROM generate_series(%(first)s, %(last)s) t, generate_series(0, CASE WHEN t %% 2 = 0 THEN 1 ELSE 0 END) k,
    deals_groupdeal d JOIN catalogue_sku s ON s.id = d.sku_id JOIN catalogue_product p ON p.id = s.product_id
WHERE d.id = 1 + (t - 1) %% %(deals)s
"""

ORDERS = """
INSERT INTO sales_order (id, number, state, origin, currency, goods_minor, freight_minor, discount_minor, amount_minor, refunded_minor,
    freight_refunded_minor, freight_released_minor, freight_released_at, method, ship_to, note, waits_for, idempotency_key, request_hash,
    placed_at, pay_by, paid_at, released_at, handed_over_at, received_at, completed_at, end_reason, moved_at, moved_by, move_cause,
    member_id, pickup_point_id)
SELECT l.order_id, 'B' || lpad(l.order_id::text, 9, '0'), CASE WHEN l.is_kept THEN 'completed' ELSE 'paid' END, 'member', 'CNY',
    l.list_minor, 0, l.list_minor - l.paid_minor, l.paid_minor, 0, 0, 0, l.kept_at, 'pickup', '{}', '',
    CASE WHEN is_team THEN 'team:' || (l.order_id - %(orders)s + 1) / 2 ELSE '' END, 'bench-' || l.order_id, repeat('0', 64),
    at, at + interval '15 minutes', at + interval '1 minute', CASE WHEN NOT is_team THEN at + interval '1 minute' END,
    l.handed_over_at, l.handed_over_at, l.kept_at, '', coalesce(l.kept_at, at + interval '1 minute'),
    CASE WHEN l.is_kept THEN 'system' ELSE 'payments' END, CASE WHEN l.is_kept THEN 'settled' ELSE 'payment' END, l.member_id, 1 + l.order_id %% 3
FROM (SELECT order_id, order_id > %(orders)s AS is_team, member_id, sum(list_minor) AS list_minor, sum(paid_minor) AS
    paid_minor, max(kept_at) AS kept_at,
        max(handed_over_at) AS handed_over_at, bool_and(kept_at IS NOT NULL) AS is_kept
      FROM sales_orderline WHERE order_id BETWEEN %(first)s AND %(last)s GROUP BY order_id, member_id) l,
    LATERAL (SELECT CASE WHEN is_team THEN %(now)s - interval '1 day' WHEN l.kept_at IS NOT NULL THEN l.kept_at - interval '14 days'
        ELSE %(now)s - interval '2 days' END) AS t(at)
"""

ADJUSTMENTS = """
INSERT INTO sales_adjustment (kind, label_zh, label_en, amount_minor, source, order_id, line_id)
SELECT 'freight', '自提，免运费', 'Pickup, no delivery fee', 0, 'freight', id, NULL::bigint FROM sales_order WHERE id BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT 'team', '三份同箱', 'One box of three', -o.discount_minor, 'deal:' || (1 + ((o.id - %(orders)s + 1) / 2 - 1) %% %(deals)s), o.id, l.id
FROM sales_order o JOIN sales_orderline l ON l.order_id = o.id WHERE o.waits_for <> '' AND o.id BETWEEN %(first)s AND %(last)s
"""

MOVES = """
INSERT INTO sales_ordermove (before, after, cause, actor, moved_at, order_id)
SELECT m.before, m.after, m.cause, m.actor, m.at, o.id
FROM sales_order o, LATERAL (VALUES (1, '', 'placed', 'placed', 'member:' || o.member_id, o.placed_at), (2, 'placed',
    'paid', 'payment', 'payments', o.paid_at),
    (3, 'paid', 'handed_over', 'handed over', 'member:1', o.handed_over_at), (4, 'handed_over', 'received', 'picked up', 'member:1', o.received_at),
    (5, 'received', 'completed', 'settled', 'system', o.completed_at)) AS m(place, before, after, cause, actor, at)
WHERE o.id BETWEEN %(first)s AND %(last)s AND m.at IS NOT NULL ORDER BY o.id, m.place
"""

PAYMENTS = """
INSERT INTO payments_payment (id, number, payable_kind, payable_id, title, amount_minor, currency, provider, state, provider_ref, surplus,
    refunded_minor, idempotency_key, pay_url, return_url, created_at, expires_at, captured_at, member_id)
SELECT id, 'P' || number, 'order', id, number, amount_minor, 'CNY', 'offline', 'captured', 'bench ' || number, false, 0, 'bench-' || id, '', '',
    placed_at, pay_by, paid_at, member_id
FROM sales_order WHERE id BETWEEN %(first)s AND %(last)s
"""

FULFILMENTS = """
INSERT INTO fulfilment_fulfilment (id, state, carrier, tracking, pickup_code, created_at, ready_at, handed_over_at, order_id)
SELECT id, CASE WHEN handed_over_at IS NULL THEN 'waiting' ELSE 'handed_over' END, '', '', '', paid_at, handed_over_at, handed_over_at, id
FROM sales_order WHERE id BETWEEN %(first)s AND %(last)s AND released_at IS NOT NULL
"""

LINE_LOTS = """
INSERT INTO fulfilment_linelot (quantity, handed_over_at, fulfilment_id, line_id, lot_id)
SELECT quantity, handed_over_at, order_id, id, lot_id FROM sales_orderline
WHERE order_id BETWEEN %(first)s AND %(last)s AND handed_over_at IS NOT NULL
"""

TEAMS = """
INSERT INTO deals_team (id, code, state, team_size, most_seats, newcomers_only, price_minor, taken_seats, paid_seats, opened_at, deadline,
    deal_id, opener_id)
SELECT t, 'B' || lpad(t::text, 9, '0'), 'forming', d.team_size, d.team_size, false, d.price_minor, seats, seats, %(now)s - interval '1 day',
    %(now)s + interval '29 days', d.id,
    (SELECT member_id FROM sales_order WHERE id = %(orders)s + t * 2 - 1)
FROM generate_series(%(first)s, %(last)s) t JOIN deals_groupdeal d ON d.id = 1 + (t - 1) %% %(deals)s,
    LATERAL (SELECT CASE WHEN t %% 2 = 0 THEN 2 ELSE 1 END) AS c(seats)
"""

SEATS = """
WITH seats AS (
    INSERT INTO deals_seat (state, taken_at, paid_at, deal_id, member_id, order_id, team_id)
    SELECT 'paid', o.placed_at, o.paid_at, t.deal_id, o.member_id, o.id, t.id
    FROM deals_team t JOIN sales_order o ON o.id IN (%(orders)s + t.id * 2 - 1, %(orders)s + t.id * 2) WHERE t.id BETWEEN %(first)s AND %(last)s
    RETURNING deal_id, member_id)
INSERT INTO deals_dealuse AS u (used, deal_id, member_id) SELECT count(*), deal_id, member_id FROM seats GROUP BY deal_id, member_id
ON CONFLICT (deal_id, member_id) DO UPDATE SET used = u.used + excluded.used
"""

RESERVATIONS = """
INSERT INTO stock_reservation (id, ref, quantity, state, made_at, ended_at, sku_id)
SELECT l.id, 'order_line:' || l.id, l.quantity, CASE WHEN l.handed_over_at IS NULL THEN 'live' ELSE 'consumed' END,
    o.placed_at, l.handed_over_at, l.sku_id
FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id WHERE o.id BETWEEN %(first)s AND %(last)s
"""

RECEIVED = """
WITH moved AS (
    INSERT INTO stock_movement (kind, quantity, key, reason, actor, moved_at, lot_id, sku_id)
    SELECT 'received', 100000, 'bench-' || n, 'bench', 'system', %(now)s - interval '379 days', n, n FROM generate_series(%(first)s, %(last)s) n
    RETURNING id)
INSERT INTO audit_auditentry (at, actor_label, action, target, ip, request_id, session)
SELECT %(now)s - interval '379 days', 'system', 'stock.received', 'movement:' || id, '', '', '' FROM moved
"""

SOLD = """
INSERT INTO stock_movement (kind, quantity, key, reason, actor, moved_at, lot_id, sku_id, reservation_id)
SELECT 'sold', -quantity, 'sold:' || id, 'order_line:' || id, 'member:1', handed_over_at, lot_id, sku_id, id
FROM sales_orderline WHERE order_id BETWEEN %(first)s AND %(last)s AND handed_over_at IS NOT NULL
"""

STOCK = """
INSERT INTO stock_stock (sku_id, on_hand, reserved)
SELECT n, (SELECT sum(quantity) FROM stock_movement WHERE sku_id = n),
    coalesce((SELECT sum(quantity) FROM stock_reservation WHERE sku_id = n AND state = 'live'), 0)
FROM generate_series(%(first)s, %(last)s) n
"""

_ENTRIES = """
, sides AS (SELECT b.id, b.amount_minor, a.id AS account_id, CASE a.code WHEN {debit} THEN b.amount_minor ELSE -b.amount_minor END AS signed
    FROM booked b JOIN ledger_account a ON a.code IN ({debit}, {credit}))
INSERT INTO ledger_entry (amount_minor, currency, account_id, transaction_id) SELECT signed, 'CNY', account_id, id FROM sides ORDER BY id, account_id
"""

CAPTURES = """
WITH facts AS (SELECT * FROM payments_payment WHERE id BETWEEN %(first)s AND %(last)s),
made AS (
    INSERT INTO ledger_transaction (key, kind, memo, ref, occurred_at, posted_at, actor)
    SELECT 'capture:' || number, 'payment.capture', '', 'payment:' || id, captured_at, captured_at, 'system' FROM facts ORDER BY id
    RETURNING id, ref),
booked AS (SELECT made.id, facts.amount_minor FROM made JOIN facts ON made.ref = 'payment:' || facts.id)
""" + _ENTRIES.format(debit="'cash.offline'", credit="'escrow.buyers'")

RELEASES = """
WITH facts AS (SELECT * FROM sales_orderline WHERE order_id BETWEEN %(first)s AND %(last)s AND released_at IS NOT NULL),
made AS (
    INSERT INTO ledger_transaction (key, kind, memo, ref, occurred_at, posted_at, actor)
    SELECT 'release:line:' || id, 'sales.release', '', 'order:' || order_id, released_at, released_at, 'system' FROM facts ORDER BY id
    RETURNING id, key),
booked AS (SELECT made.id, facts.released_minor AS amount_minor FROM made JOIN facts ON made.key = 'release:line:' || facts.id)
""" + _ENTRIES.format(debit="'escrow.buyers'", credit="'income.goods'")

# One link after the other: each hash stands on the one before. Ids of transactions have no gaps here.
CHAIN = """
SELECT bench.chain(%(first)s, %(last)s)
"""

AUDIT_CHAIN = """
SELECT audit_link_row(id) FROM (SELECT id FROM audit_auditentry WHERE id BETWEEN %(first)s AND %(last)s ORDER BY id) e
"""
