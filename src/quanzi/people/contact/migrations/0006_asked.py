"""Three things that a member is asked only after saying so: samples, an estimate of their reach, a station."""

from datetime import UTC, datetime

from django.db import migrations, models

PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)

TEXTS = {
    "samples": (
        "有新品想请人试用时，可以问我愿不愿意，最多三十天问一次。挑选时会用到我和别人的关系（只用双方都同意用来推荐的）。"
        "试用是送的，我说什么由我自己决定；我写到它时，会标明是收到试用品。随时可以关掉，关掉后不再问我。",
        "Ask me whether I would try new goods, at most once in thirty days. Choosing whom to ask uses my ties (only those that both "
        "sides let recommend). A sample is a gift, and what I say of it is mine to decide; where I write about it, it says that I got a sample. "
        "I can switch it off at any time; then I am not asked any more.",
    ),
    "reach": (
        "替我估一估：我说一件事，三步之内大概能到多少人。用到我和别人的关系，结果只给我自己看；店里做新品计划时，只会看到许多人加在一起的数。随时可以关掉，关掉后马上删除。",
        "Estimate for me how many people something I say would get to within three steps. It uses my ties; only I see the result, and "
        "the shop, when it plans a launch, sees no more than a sum over many people. I can switch it off at any time; the estimate is deleted at once.",
    ),
    "leading": (
        "附近缺自提点、而我平时帮过不少人时，可以问我愿不愿意来照看一个。不按拉来多少人给钱。随时可以关掉。",
        "When my area lacks a pickup point and I have helped people, ask me whether I would look after one. Nothing is paid for the number "
        "of people somebody brings. I can switch it off at any time.",
    ),
}


def publish(apps, schema_editor):
    text = apps.get_model("contact", "ConsentText")
    for purpose, (text_zh, text_en) in TEXTS.items():
        text.objects.create(purpose=purpose, version=1, text_zh=text_zh, text_en=text_en, published_at=PUBLISHED_AT)


def withdraw(apps, schema_editor):
    """Only a house in which nobody agreed may forget the words: the guard is lifted for this one statement."""
    schema_editor.execute("ALTER TABLE contact_consenttext DISABLE TRIGGER contact_text_append_only")
    schema_editor.execute("DELETE FROM contact_consenttext WHERE purpose IN ('samples', 'reach', 'leading')")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE contact_consenttext ENABLE TRIGGER contact_text_append_only")


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0005_push_guards'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consent',
            name='purpose',
            field=models.CharField(choices=[('deals', 'Deals and new goods'), ('circle', 'What happens in my circles'), ('team_invitation', 'Invitations to buy together'), ('social_proof', 'Let people I know see what I bought and kept'), ('recommendation', 'Use my ties to recommend goods to me'), ('affairs', 'My orders, teams and ties'), ('restock', 'Goods that I wait for are back'), ('samples', 'Ask me whether I would try new goods'), ('reach', 'Tell me how many people I reach'), ('leading', 'Ask me whether I would look after a station')], max_length=20),
        ),
        migrations.AlterField(
            model_name='consenttext',
            name='purpose',
            field=models.CharField(choices=[('deals', 'Deals and new goods'), ('circle', 'What happens in my circles'), ('team_invitation', 'Invitations to buy together'), ('social_proof', 'Let people I know see what I bought and kept'), ('recommendation', 'Use my ties to recommend goods to me'), ('affairs', 'My orders, teams and ties'), ('restock', 'Goods that I wait for are back'), ('samples', 'Ask me whether I would try new goods'), ('reach', 'Tell me how many people I reach'), ('leading', 'Ask me whether I would look after a station')], max_length=20),
        ),
        migrations.AlterField(
            model_name='permission',
            name='purpose',
            field=models.CharField(choices=[('deals', 'Deals and new goods'), ('circle', 'What happens in my circles'), ('team_invitation', 'Invitations to buy together'), ('social_proof', 'Let people I know see what I bought and kept'), ('recommendation', 'Use my ties to recommend goods to me'), ('affairs', 'My orders, teams and ties'), ('restock', 'Goods that I wait for are back'), ('samples', 'Ask me whether I would try new goods'), ('reach', 'Tell me how many people I reach'), ('leading', 'Ask me whether I would look after a station')], max_length=20),
        ),
        migrations.AlterField(
            model_name='push',
            name='purpose',
            field=models.CharField(choices=[('deals', 'Deals and new goods'), ('circle', 'What happens in my circles'), ('team_invitation', 'Invitations to buy together'), ('social_proof', 'Let people I know see what I bought and kept'), ('recommendation', 'Use my ties to recommend goods to me'), ('affairs', 'My orders, teams and ties'), ('restock', 'Goods that I wait for are back'), ('samples', 'Ask me whether I would try new goods'), ('reach', 'Tell me how many people I reach'), ('leading', 'Ask me whether I would look after a station')], max_length=20),
        ),
        migrations.RunPython(publish, withdraw),
    ]
