from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "quanzi.trade.stations"
    label = "stations"
    verbose_name = "Stations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.goods.pricing.ports import register_price_rule
        from quanzi.goods.supply.ports import register_demand
        from quanzi.people.approvals.ports import register_deed
        from quanzi.trade.fulfilment.ports import register_loads, register_lying, register_windows
        from quanzi.trade.sales.ports import register_follower
        from quanzi.trade.stations import invariants, pricing, reactions, tasks  # noqa: F401  (register themselves)
        from quanzi.trade.stations.asking import CallOffDeed, EndWaitDeed, SettleDeed
        from quanzi.trade.stations.demand import DEMAND
        from quanzi.trade.stations.followers import FOLLOWER
        from quanzi.trade.stations.loads import RoundLoads
        from quanzi.trade.stations.queries import fetching_of, lots_here
        from quanzi.trade.stations.rules import KIND

        register_follower(KIND, FOLLOWER)
        register_price_rule(pricing.ROUND_PRICE, pricing.ORDER)
        register_demand(KIND, DEMAND)
        register_loads(RoundLoads())
        register_lying(lots_here)
        register_windows(fetching_of)
        register_deed(CallOffDeed())
        register_deed(EndWaitDeed())
        register_deed(SettleDeed())
