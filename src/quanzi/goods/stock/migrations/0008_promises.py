"""Goods that are promised and not here yet: ordered first, bought after.

A promise ("round:12" has 100 peaches coming) may be held up to what is coming. `owed` are units held for which there is nothing on the
shelf yet; their sum is the counter's `expected`. So free = on_hand + expected - reserved stays what is on the shelf for anybody, and
what a promise has left is coming - owed for those who order under it.
"""

import re
from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import F, Q

FACTS = """
DROP FUNCTION stock_facts(bigint);
CREATE FUNCTION stock_facts(p_sku bigint, OUT on_hand bigint, OUT reserved bigint, OUT expected bigint) LANGUAGE sql STABLE AS $$
    SELECT (SELECT coalesce(sum(quantity), 0)::bigint FROM stock_movement WHERE sku_id = p_sku),
           (SELECT coalesce(sum(quantity), 0)::bigint FROM stock_reservation WHERE sku_id = p_sku AND state = 'live'),
           (SELECT coalesce(sum(owed), 0)::bigint FROM stock_promise WHERE sku_id = p_sku)
$$;

CREATE OR REPLACE FUNCTION stock_guard_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.on_hand <> 0 OR OLD.reserved <> 0 OR OLD.expected <> 0 THEN
            RAISE EXCEPTION 'stock of sku % is not empty and is never deleted', OLD.sku_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    -- Depth 1 is a plain statement; deeper, a movement, a reservation or a promise is being applied.
    IF pg_trigger_depth() < 2 AND NOT EXISTS (
        SELECT FROM stock_facts(NEW.sku_id) AS facts
        WHERE facts.on_hand = NEW.on_hand AND facts.reserved = NEW.reserved AND facts.expected = NEW.expected) THEN
        RAISE EXCEPTION 'stock of sku % changes only by movements, reservations and promises', NEW.sku_id
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'stock.services.receive brings goods in';
    END IF;
    RETURN NEW;
END $$;
"""

PROMISES = """
-- What a promise says of itself is `coming`; `held` and `owed` follow holds and deliveries.
CREATE FUNCTION stock_guard_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'promise % is a fact and is never deleted', OLD.source USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        -- Whoever held goods under this name before it was a promise holds them on the shelf.
        SELECT coalesce(sum(quantity), 0) INTO NEW.held FROM stock_reservation
            WHERE sku_id = NEW.sku_id AND source = NEW.source AND state = 'live';
        NEW.owed := 0;
        RETURN NEW;
    END IF;
    IF (NEW.sku_id, NEW.source) IS DISTINCT FROM (OLD.sku_id, OLD.source)
        OR (pg_trigger_depth() < 2 AND (NEW.owed > OLD.owed OR NEW.held <> OLD.held AND NEW.held <> (
            SELECT coalesce(sum(quantity), 0) FROM stock_reservation
            WHERE sku_id = NEW.sku_id AND source = NEW.source AND state = 'live'))) THEN
        RAISE EXCEPTION 'promise %: what is held under it follows its holds', OLD.source
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stock_guard BEFORE INSERT OR UPDATE OR DELETE ON stock_promise
    FOR EACH ROW EXECUTE FUNCTION stock_guard_promise();

-- A plain statement that lets the shelf stand in for what is owed; deeper, whoever changed it counts.
CREATE FUNCTION stock_apply_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        UPDATE stock_stock SET expected = expected + NEW.owed - OLD.owed WHERE sku_id = NEW.sku_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stock_apply AFTER UPDATE ON stock_promise FOR EACH ROW WHEN (NEW.owed <> OLD.owed)
    EXECUTE FUNCTION stock_apply_promise();

-- `coming` units are promised from now on, instead of what was said before. When they are fewer than are owed, free units of the shelf
-- stand in; answers how many are then still owed beyond them (0: it is done, else nothing was changed).
CREATE FUNCTION stock_set_promise(p_sku bigint, p_source text, p_coming bigint, p_now timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    known stock_promise;
    spare bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('stock', p_sku));
    INSERT INTO stock_stock (sku_id, on_hand, reserved)
        SELECT p_sku, 0, 0 WHERE NOT EXISTS (SELECT FROM stock_stock WHERE sku_id = p_sku) ON CONFLICT DO NOTHING;
    SELECT on_hand + expected - reserved INTO spare FROM stock_stock WHERE sku_id = p_sku FOR UPDATE;
    INSERT INTO stock_promise (sku_id, source, coming, held, owed, made_at, changed_at)
        VALUES (p_sku, p_source, 0, 0, 0, p_now, p_now) ON CONFLICT DO NOTHING;
    SELECT * INTO known FROM stock_promise WHERE sku_id = p_sku AND source = p_source FOR UPDATE;
    IF known.owed - p_coming > spare THEN
        RETURN known.owed - p_coming - spare;
    END IF;
    UPDATE stock_promise SET coming = p_coming, owed = least(owed, p_coming), changed_at = p_now
        WHERE id = known.id AND coming <> p_coming;
    RETURN 0;
END $$;
"""

HOLDS = """
DROP FUNCTION stock_reserve(bigint[], bigint[], text[], timestamptz, timestamptz);
DROP FUNCTION stock_take_turn(bigint[], bigint[]);
DROP FUNCTION stock_missing(bigint[], bigint[]);
DROP FUNCTION stock_hold(bigint[], bigint[], text[], timestamptz, timestamptz);

-- Under a source, what its promise has left can be had too.
CREATE FUNCTION stock_missing(p_skus bigint[], p_quantities bigint[], p_source text DEFAULT '')
RETURNS TABLE (missing_sku bigint, wanted bigint, free bigint) LANGUAGE sql VOLATILE AS $$
    SELECT * FROM (
        SELECT line.sku, sum(line.quantity)::bigint AS wanted,
            coalesce(max(counter.on_hand + counter.expected - counter.reserved), 0)::bigint
            + CASE WHEN p_source = '' THEN 0 ELSE coalesce(
                (SELECT coming - owed FROM stock_promise WHERE sku_id = line.sku AND source = p_source), 0) END AS free
        FROM unnest(p_skus, p_quantities) AS line (sku, quantity)
        LEFT JOIN stock_stock AS counter ON counter.sku_id = line.sku
        GROUP BY line.sku) AS asked
    WHERE asked.free < asked.wanted ORDER BY asked.sku
$$;

CREATE FUNCTION stock_take_turn(p_skus bigint[], p_quantities bigint[], p_source text DEFAULT '')
RETURNS TABLE (missing_sku bigint, wanted bigint, free bigint) LANGUAGE plpgsql AS $$
DECLARE
    sku bigint;
BEGIN
    -- Whoever comes too late is told at once, without queueing behind those who still buy.
    RETURN QUERY SELECT * FROM stock_missing(p_skus, p_quantities, p_source);
    IF FOUND THEN
        RETURN;
    END IF;
    FOR sku IN SELECT DISTINCT one FROM unnest(p_skus) AS one ORDER BY one LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('stock', sku));
    END LOOP;
    PERFORM FROM stock_stock WHERE sku_id = ANY (p_skus) ORDER BY sku_id FOR UPDATE;
    RETURN QUERY SELECT * FROM stock_missing(p_skus, p_quantities, p_source);
END $$;

CREATE FUNCTION stock_hold(
    p_skus bigint[], p_quantities bigint[], p_refs text[], p_expires_at timestamptz, p_now timestamptz, p_source text DEFAULT ''
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO stock_reservation (sku_id, ref, quantity, state, made_at, expires_at, source)
        SELECT line.sku, line.ref, line.quantity, 'live', p_now, p_expires_at, p_source
        FROM unnest(p_skus, p_quantities, p_refs) AS line (sku, quantity, ref) ORDER BY line.sku
$$;

CREATE FUNCTION stock_reserve(
    p_skus bigint[], p_quantities bigint[], p_refs text[], p_expires_at timestamptz, p_now timestamptz, p_source text DEFAULT ''
) RETURNS TABLE (missing_sku bigint, wanted bigint, free bigint) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT * FROM stock_take_turn(p_skus, p_quantities, p_source);
    IF NOT FOUND THEN
        PERFORM stock_hold(p_skus, p_quantities, p_refs, p_expires_at, p_now, p_source);
    END IF;
END $$;
"""

# Each of the three moves both numbers of the counter in one statement, so that the free number never jumps in between.
APPLY = """
CREATE OR REPLACE FUNCTION stock_guard_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'reservation % is a fact and is never deleted', OLD.ref
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'live' THEN
            RAISE EXCEPTION 'reservation % must begin live', NEW.ref
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.sku_id, NEW.ref, NEW.quantity, NEW.source) IS DISTINCT FROM (OLD.sku_id, OLD.ref, OLD.quantity, OLD.source) THEN
        RAISE EXCEPTION 'reservation %: what it holds is never edited', OLD.ref
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'live' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'reservation %: no move from % to %', OLD.ref, OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION stock_apply_reservations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_stock (sku_id, on_hand, reserved)
        SELECT DISTINCT sku_id, 0, 0 FROM fresh
        WHERE NOT EXISTS (SELECT FROM stock_stock AS known WHERE known.sku_id = fresh.sku_id)
        ORDER BY sku_id ON CONFLICT DO NOTHING;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    PERFORM set_config('stock.moment', (SELECT max(made_at) FROM fresh)::text, true);
    IF NOT EXISTS (SELECT FROM fresh WHERE source <> '') THEN
        UPDATE stock_stock AS counter SET reserved = counter.reserved + change.quantity
            FROM (SELECT sku_id, sum(quantity)::bigint AS quantity FROM fresh GROUP BY sku_id) AS change
            WHERE change.sku_id = counter.sku_id;
        RETURN NULL;
    END IF;
    WITH asked AS (
        SELECT sku_id, source, sum(quantity)::bigint AS quantity FROM fresh GROUP BY sku_id, source
    ), former AS (
        SELECT promise.id, promise.sku_id, promise.owed, asked.quantity FROM stock_promise AS promise JOIN asked USING (sku_id, source)
    ), owing AS (
        UPDATE stock_promise AS promise
            SET held = promise.held + former.quantity, owed = least(promise.coming, promise.owed + former.quantity)
            FROM former WHERE former.id = promise.id
            RETURNING promise.sku_id, promise.owed - former.owed AS more
    )
    UPDATE stock_stock AS counter SET reserved = counter.reserved + change.quantity, expected = counter.expected + change.more
        FROM (SELECT sku_id, sum(quantity)::bigint AS quantity,
                     coalesce((SELECT sum(more) FROM owing WHERE owing.sku_id = asked.sku_id), 0)::bigint AS more
              FROM asked GROUP BY sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;

-- Whoever lets goods go lets go first of what is not here yet.
CREATE OR REPLACE FUNCTION stock_end_reservations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM fresh JOIN former USING (id) WHERE former.state = 'live' AND fresh.state = 'released') THEN
        RETURN NULL;  -- a new expiry changes no counter
    END IF;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    PERFORM set_config('stock.moment', (SELECT max(ended_at) FROM fresh)::text, true);
    WITH ended AS (
        SELECT fresh.sku_id, fresh.source, sum(fresh.quantity)::bigint AS quantity FROM fresh JOIN former USING (id)
        WHERE former.state = 'live' AND fresh.state = 'released' GROUP BY fresh.sku_id, fresh.source
    ), before AS (
        SELECT promise.id, promise.owed, ended.quantity FROM stock_promise AS promise JOIN ended USING (sku_id, source)
        WHERE ended.source <> ''
    ), owing AS (
        UPDATE stock_promise AS promise
            SET held = promise.held - before.quantity, owed = greatest(promise.owed - before.quantity, 0)
            FROM before WHERE before.id = promise.id
            RETURNING promise.sku_id, before.owed - promise.owed AS less
    )
    UPDATE stock_stock AS counter SET reserved = counter.reserved - change.quantity, expected = counter.expected - change.less
        FROM (SELECT sku_id, sum(quantity)::bigint AS quantity,
                     coalesce((SELECT sum(less) FROM owing WHERE owing.sku_id = ended.sku_id), 0)::bigint AS less
              FROM ended GROUP BY sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;

-- Goods that came in for a promise serve those who wait for it; goods that went to them are owed no longer.
CREATE OR REPLACE FUNCTION stock_apply_movements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_stock (sku_id, on_hand, reserved)
        SELECT DISTINCT sku_id, 0, 0 FROM fresh
        WHERE NOT EXISTS (SELECT FROM stock_stock AS known WHERE known.sku_id = fresh.sku_id)
        ORDER BY sku_id ON CONFLICT DO NOTHING;
    PERFORM FROM stock_stock WHERE sku_id IN (SELECT sku_id FROM fresh) ORDER BY sku_id FOR UPDATE;
    PERFORM set_config('stock.moment', (SELECT max(moved_at) FROM fresh)::text, true);
    WITH changes AS (
        SELECT move.sku_id, coalesce(hold.source, move.source) AS source, sum(move.quantity)::bigint AS quantity,
               coalesce(sum(move.quantity) FILTER (WHERE move.kind = 'sold'), 0)::bigint AS sold,
               coalesce(sum(move.quantity) FILTER (WHERE move.kind = 'received'), 0)::bigint AS came
        FROM fresh AS move LEFT JOIN stock_reservation AS hold ON hold.id = move.reservation_id AND move.kind = 'sold'
        GROUP BY 1, 2
    ), before AS (
        SELECT promise.id, promise.owed, changes.sold, changes.came FROM stock_promise AS promise JOIN changes USING (sku_id, source)
        WHERE changes.source <> ''
    ), owing AS (
        UPDATE stock_promise AS promise
            SET held = promise.held + before.sold,
                coming = greatest(promise.coming - before.came, 0),
                owed = least(greatest(promise.owed - before.came, 0), promise.held + before.sold)
            FROM before WHERE before.id = promise.id
            RETURNING promise.sku_id, before.owed - promise.owed AS less
    )
    UPDATE stock_stock AS counter SET on_hand = counter.on_hand + change.quantity, reserved = counter.reserved + change.sold,
            expected = counter.expected - change.less
        FROM (SELECT sku_id, sum(quantity)::bigint AS quantity, sum(sold)::bigint AS sold,
                     coalesce((SELECT sum(less) FROM owing WHERE owing.sku_id = changes.sku_id), 0)::bigint AS less
              FROM changes GROUP BY sku_id) AS change
        WHERE change.sku_id = counter.sku_id;
    RETURN NULL;
END $$;
"""

ANNOUNCE = """
DROP TRIGGER stock_back ON stock_stock;
CREATE TRIGGER stock_back AFTER UPDATE ON stock_stock FOR EACH ROW
    WHEN (OLD.on_hand + OLD.expected - OLD.reserved <= 0 AND NEW.on_hand + NEW.expected - NEW.reserved > 0)
    EXECUTE FUNCTION stock_announce_back();
CREATE OR REPLACE FUNCTION stock_announce_low() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events_event (name, key, payload, occurred_at) VALUES ('stock.StockLow', 'sku:' || NEW.sku_id,
        jsonb_build_object('sku_id', NEW.sku_id, 'free', NEW.on_hand + NEW.expected - NEW.reserved, 'low_at', NEW.low_at),
        coalesce(nullif(current_setting('stock.moment', true), '')::timestamptz, now()));
    RETURN NULL;
END $$;
DROP TRIGGER stock_low ON stock_stock;
CREATE TRIGGER stock_low AFTER UPDATE ON stock_stock FOR EACH ROW
    WHEN (OLD.on_hand + OLD.expected - OLD.reserved > NEW.low_at
          AND NEW.on_hand + NEW.expected - NEW.reserved <= NEW.low_at AND NEW.low_at > 0)
    EXECUTE FUNCTION stock_announce_low();
"""


def _former(migration: str, *functions: str) -> str:
    """These functions as an earlier migration wrote them."""
    module = import_module(f"quanzi.goods.stock.migrations.{migration}")
    finished = getattr(module, "FORWARD", "")  # other texts of the module may be patterns that it fills in
    text = "\n".join([finished, *(value for value in vars(module).values() if isinstance(value, str))])
    found = ""
    for function in functions:
        match = re.search(rf"CREATE (?:OR REPLACE )?FUNCTION {function}\(.*?\$\$.*?\$\$;", text, re.DOTALL)
        if match is None:
            raise LookupError(function)
        found += re.sub(r"^CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", match[0]) + "\n"
    return found


BACK_FUNCTIONS = f"""
DROP FUNCTION stock_set_promise(bigint, text, bigint, timestamptz);
DROP FUNCTION stock_reserve(bigint[], bigint[], text[], timestamptz, timestamptz, text);
DROP FUNCTION stock_take_turn(bigint[], bigint[], text);
DROP FUNCTION stock_missing(bigint[], bigint[], text);
DROP FUNCTION stock_hold(bigint[], bigint[], text[], timestamptz, timestamptz, text);
DROP FUNCTION stock_facts(bigint);
DROP TRIGGER stock_apply ON stock_promise;
DROP FUNCTION stock_apply_promise();
DROP TRIGGER stock_guard ON stock_promise;
DROP FUNCTION stock_guard_promise();
{_former("0002_guards", "stock_facts", "stock_guard_counter", "stock_guard_reservation", "stock_missing")}
{_former("0004_turns", "stock_take_turn", "stock_hold", "stock_reserve")}
{_former("0006_few_left", "stock_apply_reservations", "stock_end_reservations", "stock_apply_movements")}
"""

BACK_ANNOUNCE = f"""
DROP TRIGGER stock_back ON stock_stock;
CREATE TRIGGER stock_back AFTER UPDATE ON stock_stock FOR EACH ROW
    WHEN (OLD.on_hand - OLD.reserved <= 0 AND NEW.on_hand - NEW.reserved > 0) EXECUTE FUNCTION stock_announce_back();
DROP TRIGGER stock_low ON stock_stock;
{_former("0006_few_left", "stock_announce_low")}
CREATE TRIGGER stock_low AFTER UPDATE ON stock_stock FOR EACH ROW
    WHEN (OLD.on_hand - OLD.reserved > NEW.low_at AND NEW.on_hand - NEW.reserved <= NEW.low_at AND NEW.low_at > 0)
    EXECUTE FUNCTION stock_announce_low();
"""


class Migration(migrations.Migration):
    dependencies = [("stock", "0007_confirm_by_key"), ("catalogue", "0002_guards")]

    operations: list[Operation] = [
        migrations.AddField("stock", "expected", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("reservation", "source", models.CharField(blank=True, db_default="", default="", max_length=60)),
        migrations.AddField(
            "movement",
            "source",
            models.CharField(blank=True, db_default="", default="", help_text="The promise that goods received are for", max_length=60),
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(help_text='Who promised, like "round:12"', max_length=60)),
                ("coming", models.BigIntegerField(help_text="Units promised and not arrived yet")),
                ("held", models.BigIntegerField(default=0, help_text="Units held for orders under this source")),
                ("owed", models.BigIntegerField(default=0, help_text="Of those held, what there is nothing on the shelf for yet")),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "sku",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="promises", to="catalogue.sku"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["source", "sku"], name="promise_once_for_source"),
                    models.CheckConstraint(
                        condition=Q(owed__gte=0) & Q(owed__lte=F("coming")) & Q(owed__lte=F("held")), name="promise_owed_within_coming"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint("stock", "stock_reserved_within_on_hand"),
        migrations.AddConstraint(
            "stock",
            models.CheckConstraint(
                condition=Q(on_hand__gte=0) & Q(expected__gte=0) & Q(reserved__gte=F("expected"))
                & Q(reserved__lte=F("on_hand") + F("expected")),
                name="stock_reserved_within_on_hand",
            ),
        ),
        migrations.AddIndex(
            "reservation",
            models.Index(condition=Q(state="live") & ~Q(source=""), fields=["source", "sku"], name="reservation_under_promise"),
        ),
        migrations.RunSQL([FACTS, PROMISES, HOLDS, APPLY, ANNOUNCE], [BACK_FUNCTIONS, BACK_ANNOUNCE]),
    ]
