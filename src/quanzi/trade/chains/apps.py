from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "quanzi.trade.chains"
    label = "chains"
    verbose_name = "Sign-up chains"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing.ports import register_price_rule
        from quanzi.people.approvals.ports import register_deed
        from quanzi.trade.chains import invariants, pricing, tasks  # noqa: F401  (register themselves)
        from quanzi.trade.chains.asking import CallOffDeed
        from quanzi.trade.chains.followers import FOLLOWER
        from quanzi.trade.chains.rules import KIND
        from quanzi.trade.sales.ports import register_follower

        register_follower(KIND, FOLLOWER)
        register_deed(CallOffDeed())
        register_price_rule(pricing.CHAIN_PRICE, pricing.ORDER)
