from importlib import import_module

from django.apps import AppConfig


class CirclesConfig(AppConfig):
    name = "quanzi.community.circles"
    label = "circles"
    verbose_name = "Circles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("quanzi.community.circles.reactions")
        from quanzi.community.circles.neighbours import in_one_circle
        from quanzi.people.trust.ports import register_neighbours

        register_neighbours(in_one_circle)
