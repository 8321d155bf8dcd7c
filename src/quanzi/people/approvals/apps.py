from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "quanzi.people.approvals"
    label = "approvals"
    verbose_name = "Approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.people.approvals import invariants  # noqa: F401  (registers itself)
