from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "quanzi.people.trust"
    label = "trust"
    verbose_name = "Trust"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.people.trust import invariants  # noqa: F401  (registers itself)
