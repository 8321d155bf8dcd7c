"""The options of a variant stay in the order in which the merchant wrote them."""

from django.db import migrations

from quanzi.goods.catalogue.fields import OrderedJSONField


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_product_film")]

    operations = [migrations.AlterField("sku", "options", OrderedJSONField(blank=True, default=dict))]
