from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "quanzi.trade.fulfilment"
    label = "fulfilment"
    verbose_name = "Fulfilment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.trade.fulfilment import invariants, reactions  # noqa: F401  (they register themselves)
        from quanzi.trade.fulfilment.queries.parcels import is_partly_gone
        from quanzi.trade.sales.ports import register_departures

        register_departures(is_partly_gone)
