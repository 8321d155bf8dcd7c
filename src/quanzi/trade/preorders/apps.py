from django.apps import AppConfig


class PreordersConfig(AppConfig):
    name = "quanzi.trade.preorders"
    label = "preorders"
    verbose_name = "Preorders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing.ports import register_price_rule
        from quanzi.goods.supply.ports import register_demand
        from quanzi.people.approvals.ports import register_deed
        from quanzi.trade.payments.ports import register_payable
        from quanzi.trade.preorders import invariants, pricing, reactions, tasks  # noqa: F401  (register themselves)
        from quanzi.trade.preorders.asking import CallOffDeed
        from quanzi.trade.preorders.demand import DEMAND
        from quanzi.trade.preorders.followers import FOLLOWER
        from quanzi.trade.preorders.payables import DepositPayable
        from quanzi.trade.preorders.rules import KIND
        from quanzi.trade.sales.ports import register_follower

        register_payable(DepositPayable())
        register_deed(CallOffDeed())
        register_follower(KIND, FOLLOWER)
        register_price_rule(pricing.PREORDER_PRICE, pricing.ORDER)
        register_demand(KIND, DEMAND)
