from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "quanzi.people.accounts"
    label = "accounts"
    verbose_name = "Accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from quanzi.people.accounts import signals  # noqa: F401  (they register themselves)
