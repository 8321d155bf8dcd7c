"""Offers about what a member writes: only on topics that they open, one by one."""

from datetime import UTC, datetime

from django.db import migrations, models

PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)

TEXT_ZH = (
    "我在“愿意听建议”那一页一个话题一个话题地打开之后，打开期间，我最近三十天写的、以后写的，凡提到那个话题、对方本来就看得到的，"
    "店里或我允许的团长可以看到，并为每一篇最多给我写一次建议。只在这里打开，不会打开任何话题；敏感话题要单独说一句话才算。"
    "谁看到了，我都看得到。在这里关掉，所有话题马上全部关掉。"
)
TEXT_EN = (
    "Once I open topics one by one on the page “Open to offers”: while a topic is open, what I wrote in the last thirty days and what I write "
    "later about it may be shown to the shop, or to leaders whom I allow, where they may read it anyway; each may write to me about a post at most "
    "once. Switching this on here opens no topic, and a sensitive topic needs its own sentence. I see who was shown what. Switching this off closes "
    "all topics at once."
)
PURPOSES = [
    ("deals", "Deals and new goods"),
    ("circle", "What happens in my circles"),
    ("team_invitation", "Invitations to buy together"),
    ("social_proof", "Let people I know see what I bought and kept"),
    ("recommendation", "Use my ties to recommend goods to me"),
    ("affairs", "My orders, teams and ties"),
    ("restock", "Goods that I wait for are back"),
    ("samples", "Ask me whether I would try new goods"),
    ("reach", "Tell me how many people I reach"),
    ("leading", "Ask me whether I would look after a station"),
    ("offers", "Offers about what I write, topic by topic"),
]


def publish(apps, schema_editor):
    text = apps.get_model("contact", "ConsentText")
    text.objects.create(purpose="offers", version=1, text_zh=TEXT_ZH, text_en=TEXT_EN, published_at=PUBLISHED_AT)


def withdraw(apps, schema_editor):
    """Only a house in which nobody agreed may forget the words: the guard is lifted for this one statement."""
    schema_editor.execute("ALTER TABLE contact_consenttext DISABLE TRIGGER contact_text_append_only")
    schema_editor.execute("DELETE FROM contact_consenttext WHERE purpose = 'offers'")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE contact_consenttext ENABLE TRIGGER contact_text_append_only")


class Migration(migrations.Migration):
    dependencies = [("contact", "0006_asked")]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(choices=PURPOSES, max_length=20),
        ),
        migrations.AlterField(
            model_name="consenttext",
            name="purpose",
            field=models.CharField(choices=PURPOSES, max_length=20),
        ),
        migrations.AlterField(
            model_name="permission",
            name="purpose",
            field=models.CharField(choices=PURPOSES, max_length=20),
        ),
        migrations.AlterField(
            model_name="push",
            name="purpose",
            field=models.CharField(choices=PURPOSES, max_length=20),
        ),
        migrations.RunPython(publish, withdraw),
    ]
