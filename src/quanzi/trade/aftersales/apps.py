from django.apps import AppConfig


class AftersalesConfig(AppConfig):
    name = "quanzi.trade.aftersales"
    label = "aftersales"
    verbose_name = "After sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing.ports import register_price_rule
        from quanzi.goods.supply.ports import register_inspection
        from quanzi.people.approvals.ports import register_deed
        from quanzi.trade.aftersales import followers, invariants, reactions  # noqa: F401
        from quanzi.trade.aftersales.asking import ClaimDeed, CompensationDeed, DisputeDeed, ExchangeDeed, RecallDeed
        from quanzi.trade.aftersales.queries.holding import goods_ref
        from quanzi.trade.aftersales.services.checking import Inspecting
        from quanzi.trade.sales.ports import register_follower, register_goods

        register_price_rule(followers.PRICE, followers.ORDER)
        register_follower(followers.KIND, followers.FOLLOWER)
        register_goods(goods_ref)
        register_inspection(Inspecting())
        register_deed(ClaimDeed())
        register_deed(CompensationDeed())
        register_deed(DisputeDeed())
        register_deed(ExchangeDeed())
        register_deed(RecallDeed())
