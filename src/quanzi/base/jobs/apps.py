from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "quanzi.base.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.base.jobs import invariants  # noqa: F401  (registers itself)
