"""A post knows whether its author was given the goods that it names."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("posts", "0002_words")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="got_sample",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="The shop gave its author goods that it names; kept by the database",
            ),
        )
    ]
