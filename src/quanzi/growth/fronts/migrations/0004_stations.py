"""A station has a page of its own as well: arranged by its leader, who stands there by what they kept themselves."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

PROOF = """
CREATE OR REPLACE FUNCTION fronts_prove() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.line_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM sales_orderline line
        JOIN fronts_front front ON front.id = NEW.front_id
        LEFT JOIN catalogue_maker maker ON maker.id = front.maker_id{stations}
        WHERE line.id = NEW.line_id AND line.kept_at IS NOT NULL
          AND (line.member_id = front.member_id OR line.member_id = maker.member_id{leaders} OR EXISTS (
                SELECT FROM circles_membership place WHERE place.circle_id = front.circle_id AND place.member_id = line.member_id
                  AND place.state = 'joined' AND place.role IN ('founder', 'moderator')))
    ) THEN
        RAISE EXCEPTION 'only kept goods of one''s own may be stood by' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
NOW = PROOF.format(
    stations="""
        LEFT JOIN stations_station station ON station.id = front.station_id LEFT JOIN sales_pickuppoint point ON point.id = station.point_id""",
    leaders=" OR line.member_id = point.leader_id",
)
BEFORE = PROOF.format(stations="", leaders="")


ONE = (
    Q(member__isnull=False, circle=None, maker=None, station=None)
    | Q(member=None, circle__isnull=False, maker=None, station=None)
    | Q(member=None, circle=None, maker__isnull=False, station=None)
    | Q(member=None, circle=None, maker=None, station__isnull=False)
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("fronts", "0003_updates"), ("stations", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            "front",
            "station",
            models.OneToOneField(
                to="stations.station", null=True, blank=True, on_delete=django.db.models.deletion.CASCADE, related_name="front"
            ),
        ),
        migrations.RemoveConstraint("front", "front_of_one"),
        migrations.AddConstraint("front", models.CheckConstraint(condition=ONE, name="front_of_one")),
        migrations.RunSQL(NOW, BEFORE),
    ]  # fmt: skip
