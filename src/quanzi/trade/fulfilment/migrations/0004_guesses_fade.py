from django.db import migrations, models


class Migration(migrations.Migration):
    """When the last wrong code was said, so that the count can fade."""

    dependencies = [
        ("fulfilment", "0003_guesses"),
    ]

    operations = [
        migrations.AddField(
            model_name="codeguesses",
            name="wrong_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
