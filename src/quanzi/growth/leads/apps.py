from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "quanzi.growth.leads"
    label = "leads"
    verbose_name = "Leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.leads import invariants, tasks  # noqa: F401  (register themselves)
