from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "quanzi.base.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.base.ledger import invariants  # noqa: F401  (registers itself)
