"""An order that waits for something holds goods under that name: what "round:12" promised is ordered before it is bought."""

from importlib import import_module

from django.db import migrations

PLACE: str = import_module("quanzi.trade.sales.migrations.0003_place_and_pay").PLACE
LINES: str = import_module("quanzi.trade.sales.migrations.0004_terms_of_a_line").WRITE_LINES
ONLY_PLACE = PLACE[: PLACE.index("-- The lines in the order of the quote")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
BEFORE = ONLY_PLACE + LINES
AFTER = BEFORE.replace(
    "stock_take_turn(skus, quantities)", "stock_take_turn(skus, quantities, wanted.waits_for)"
).replace("p_row.pay_by, p_row.placed_at);", "p_row.pay_by, p_row.placed_at, p_row.waits_for);")


class Migration(migrations.Migration):
    dependencies = [("sales", "0005_return_refused_by_law_only"), ("stock", "0008_promises")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
