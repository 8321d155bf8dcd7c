"""Posts are found by the words in them, from an index."""

from django.db import migrations

FORWARD = "CREATE INDEX post_words ON posts_post USING gin (text_bigrams(title || ' ' || body))"


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial"), ("catalogue", "0005_bigrams")]

    operations = [migrations.RunSQL(FORWARD, "DROP INDEX post_words")]
