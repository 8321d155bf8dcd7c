from django.apps import AppConfig


class ReplicatingConfig(AppConfig):
    name = "quanzi.growth.replicating"
    label = "replicating"
    verbose_name = "Replicating"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.replicating import invariants  # noqa: F401  (registers itself)
