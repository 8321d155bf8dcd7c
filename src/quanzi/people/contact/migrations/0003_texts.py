"""The first wording of each consent. A change of words is a new version in a new migration."""

from datetime import UTC, datetime

from django.db import migrations

PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)

TEXTS = {
    "deals": (
        "有新品、拼团和优惠时，用这个方式告诉我。随时可以关掉，关掉后不再发送。",
        "Tell me in this way about new goods, group deals and offers. I can switch it off at any time; then nothing more is sent.",
    ),
    "circle": (
        "我所在的圈子有新的笔记、提问或通知时，用这个方式告诉我。随时可以关掉。",
        "Tell me in this way about new notes, questions and announcements in my circles. I can switch it off at any time.",
    ),
    "team_invitation": (
        "认识我的人邀请我一起拼团时，用这个方式告诉我。随时可以关掉。",
        "Tell me in this way when somebody who knows me invites me to buy together. I can switch it off at any time.",
    ),
    "social_proof": (
        "让认识我的人（最多隔两个人）看到我买过并留下了哪些商品。不会显示价格、数量和收货信息。随时可以关掉，关掉后马上不再显示。",
        "Let people who know me (through two others at most) see which goods I bought and kept. Prices, quantities and delivery details are never shown. I can switch it off at any time, and it stops at once.",
    ),
    "recommendation": (
        "用我和别人的关系，给我推荐商品和体验。不影响价格。随时可以关掉，关掉后看到的内容与关系无关。",
        "Use my ties to recommend goods and experiences to me. Prices are not affected. I can switch it off at any time; then what I see does not depend on my ties.",
    ),
}


def publish(apps, schema_editor):
    text = apps.get_model("contact", "ConsentText")
    for purpose, (text_zh, text_en) in TEXTS.items():
        text.objects.create(purpose=purpose, version=1, text_zh=text_zh, text_en=text_en, published_at=PUBLISHED_AT)


def withdraw(apps, schema_editor):
    """Only an empty house may forget its wordings: the guard is lifted for this one statement."""
    schema_editor.execute("ALTER TABLE contact_consenttext DISABLE TRIGGER contact_text_append_only")
    schema_editor.execute("DELETE FROM contact_consenttext")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would lock the table
    schema_editor.execute("ALTER TABLE contact_consenttext ENABLE TRIGGER contact_text_append_only")


class Migration(migrations.Migration):
    dependencies = [("contact", "0002_guards")]

    operations = [migrations.RunPython(publish, withdraw)]
