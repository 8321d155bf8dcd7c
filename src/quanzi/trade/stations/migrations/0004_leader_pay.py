"""What leaders earn and how it is settled; records that raw SQL cannot edit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE FUNCTION stations_guard_earning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'what a leader earned is a record and is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT 1 FROM sales_orderline l JOIN stations_entry e ON e.order_id = l.order_id
          JOIN stations_stop p ON p.id = e.stop_id AND p.station_id = NEW.station_id
          JOIN stations_roundgood g ON g.round_id = p.round_id AND g.sku_id = l.sku_id AND g.leader_bp = NEW.rate_bp
         WHERE l.id = NEW.line_id AND l.handed_over_at IS NOT NULL AND l.member_id <> NEW.leader_id
           AND NEW.amount_minor = l.paid_minor * NEW.rate_bp / 10000 AND NEW.payable_at IS NULL) THEN
        RAISE EXCEPTION 'a leader earns their part of a line that was handed over to somebody else' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.line_id, NEW.station_id, NEW.leader_id, NEW.rate_bp, NEW.amount_minor)
            IS DISTINCT FROM (OLD.line_id, OLD.station_id, OLD.leader_id, OLD.rate_bp, OLD.amount_minor)
       OR NEW.reversed_minor < OLD.reversed_minor OR (OLD.payable_at IS NOT NULL AND NEW.payable_at IS DISTINCT FROM OLD.payable_at)
       OR (OLD.payable_at IS NULL AND NEW.payable_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM sales_orderline l WHERE l.id = NEW.line_id AND l.kept_at IS NOT NULL
               AND coalesce(l.claim_closes_at, l.kept_at) <= NEW.payable_at AND coalesce(l.return_closes_at, l.kept_at) <= NEW.payable_at))) THEN
        RAISE EXCEPTION 'earning %: owed when the goods are kept, and never edited', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stations_guard BEFORE INSERT OR UPDATE OR DELETE ON stations_earning FOR EACH ROW EXECUTE FUNCTION stations_guard_earning();

CREATE FUNCTION stations_guard_settlement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a settlement is a record and is never edited' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER stations_guard BEFORE UPDATE OR DELETE ON stations_settlement FOR EACH ROW EXECUTE FUNCTION stations_guard_settlement();
CREATE TRIGGER stations_guard BEFORE UPDATE OR DELETE ON stations_settlementline FOR EACH ROW EXECUTE FUNCTION stations_guard_settlement();
"""

UNDO = """
DROP TRIGGER stations_guard ON stations_settlementline;
DROP TRIGGER stations_guard ON stations_settlement;
DROP TRIGGER stations_guard ON stations_earning;
DROP FUNCTION stations_guard_settlement();
DROP FUNCTION stations_guard_earning();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0007_paid_ahead"),
        ("stations", "0003_bought_after"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Earning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rate_bp", models.PositiveIntegerField()),
                ("amount_minor", models.BigIntegerField()),
                ("reversed_minor", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("payable_at", models.DateTimeField(blank=True, null=True)),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="station_earnings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leader_earning", to="sales.orderline"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="earnings", to="stations.station"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("reference", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=120, unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="station_settlements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SettlementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.BigIntegerField()),
                (
                    "earning",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settled", to="stations.earning"
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="stations.settlement"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="earning",
            index=models.Index(fields=["leader", "id"], name="leader_earning_of_leader"),
        ),
        migrations.AddConstraint(
            model_name="earning",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gte", 0),
                    ("reversed_minor__gte", 0),
                    ("reversed_minor__lte", models.F("amount_minor")),
                ),
                name="leader_earning_reversed_within_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="earning",
            constraint=models.CheckConstraint(condition=models.Q(("rate_bp__lte", 5000)), name="leader_earning_rate"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="leader_settlement_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("made_by", models.F("leader")), _negated=True),
                name="leader_settlement_not_by_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    models.Q(("approved_by", models.F("made_by")), _negated=True),
                    _connector="OR",
                ),
                name="leader_settlement_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="settlementline",
            constraint=models.UniqueConstraint(fields=("settlement", "earning"), name="leader_settlement_line_once"),
        ),
        migrations.AddConstraint(
            model_name="settlementline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor", 0), _negated=True), name="leader_settlement_line_of_something"
            ),
        ),
        migrations.RunSQL(GUARDS, UNDO),
    ]
