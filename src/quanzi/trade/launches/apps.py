from django.apps import AppConfig


class LaunchesConfig(AppConfig):
    name = "quanzi.trade.launches"
    label = "launches"
    verbose_name = "Launches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing.ports import register_price_rule
        from quanzi.trade.launches import invariants, pricing, reactions, tasks  # noqa: F401  (register themselves)
        from quanzi.trade.launches.followers import FOLLOWER, PIECE_FOLLOWER
        from quanzi.trade.launches.rules import KIND, PIECE
        from quanzi.trade.sales.ports import register_follower

        register_follower(KIND, FOLLOWER)
        register_follower(PIECE, PIECE_FOLLOWER)
        register_price_rule(pricing.LAUNCH_PRICE, pricing.ORDER)
        register_price_rule(pricing.DAY_PRICE, pricing.ORDER)
