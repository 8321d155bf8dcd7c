from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "quanzi.base.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.base.events import invariants  # noqa: F401  (registers itself)
