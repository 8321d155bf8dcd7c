import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
        ('recommending', '0002_feed_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Again',
            fields=[
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='catalogue.product')),
                ('days', models.FloatField()),
                ('people', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='training',
            name='most_kept',
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
