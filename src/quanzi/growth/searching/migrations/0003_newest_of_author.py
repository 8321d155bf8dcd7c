from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('searching', '0002_following'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('author_id__isnull', False)), fields=['author_id', '-made_at'], name='search_newest_of_author'),
        ),
        migrations.RemoveIndex(
            model_name='entry',
            name='search_of_author',
        ),
    ]
