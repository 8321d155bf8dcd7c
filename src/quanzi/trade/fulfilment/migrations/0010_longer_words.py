"""Why an order of a batch was refused: sentence and values apart take more room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fulfilment", "0009_run_guards")]

    operations = [migrations.AlterField("dispatchrow", "says", models.CharField(blank=True, max_length=400))]
