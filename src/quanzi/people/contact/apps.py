from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "quanzi.people.contact"
    label = "contact"
    verbose_name = "Contact"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.people.contact import invariants, reactions  # noqa: F401  (register themselves)
