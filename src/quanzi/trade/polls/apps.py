from django.apps import AppConfig


class PollsConfig(AppConfig):
    name = "quanzi.trade.polls"
    label = "polls"
    verbose_name = "Polls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing.ports import register_price_rule
        from quanzi.people.trust.ports import register_deeds
        from quanzi.trade.polls import invariants, pricing, reactions, tasks  # noqa: F401  (register themselves)
        from quanzi.trade.polls.ties import DEEDS

        register_price_rule(pricing.HELD_PRICE, pricing.ORDER)
        for deeds in DEEDS:
            register_deeds(deeds)
