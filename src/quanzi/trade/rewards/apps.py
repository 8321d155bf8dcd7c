from django.apps import AppConfig


class RewardsConfig(AppConfig):
    name = "quanzi.trade.rewards"
    label = "rewards"
    verbose_name = "Rewards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing.ports import register_price_rule
        from quanzi.people.approvals.ports import register_deed
        from quanzi.trade.rewards import invariants, pricing  # noqa: F401  (register themselves)
        from quanzi.trade.rewards.services.giving import CouponDeed
        from quanzi.trade.rewards.services.spending import SPENDER
        from quanzi.trade.sales.ports import register_spender

        register_price_rule(pricing.COUPON_PRICE, pricing.ORDER)
        register_spender(SPENDER)
        register_deed(CouponDeed())
