from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "quanzi.trade.stores"
    label = "stores"
    verbose_name = "Stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.trade.sales.ports import register_follower
        from quanzi.trade.stores import invariants, reactions  # noqa: F401  (register themselves)
        from quanzi.trade.stores.followers import FOLLOWER
        from quanzi.trade.stores.rules import COUNTER, PAY_LINK

        register_follower(COUNTER, FOLLOWER)
        register_follower(PAY_LINK, FOLLOWER)
