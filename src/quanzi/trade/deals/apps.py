from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "quanzi.trade.deals"
    label = "deals"
    verbose_name = "Deals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing.ports import register_price_rule
        from quanzi.people.trust.ports import register_deeds
        from quanzi.trade.deals import invariants, pricing, reactions  # noqa: F401  (register themselves)
        from quanzi.trade.deals.followers import FOLLOWER, KIND
        from quanzi.trade.deals.ties import BOUGHT_TOGETHER
        from quanzi.trade.sales.ports import register_follower

        register_follower(KIND, FOLLOWER)
        register_deeds(BOUGHT_TOGETHER)
        register_price_rule(pricing.TEAM_PRICE, pricing.ORDER)
