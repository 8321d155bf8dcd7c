from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "quanzi.base.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.base.audit import invariants  # noqa: F401  (registers itself)
