from django.apps import AppConfig


class RecommendingConfig(AppConfig):
    name = "quanzi.growth.recommending"
    label = "recommending"
    verbose_name = "Recommendations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.growth.recommending import invariants  # noqa: F401  (registers itself)
