from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "quanzi.faces.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.faces.webhooks import reactions

        reactions.register()
