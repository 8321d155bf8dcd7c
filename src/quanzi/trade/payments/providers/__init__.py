"""Ways to pay. `get(name)` finds one; a plugin adds its own with `register`."""

from quanzi.trade.payments.errors import NoSuchProvider
from quanzi.trade.payments.providers.offline import Offline
from quanzi.trade.payments.providers.paysim import Paysim
from quanzi.trade.payments.providers.protocol import Provider

__all__ = ["Provider", "get", "names", "register"]

_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    _providers[provider.name] = provider


def get(name: str) -> Provider:
    """Raises NoSuchProvider."""
    try:
        return _providers[name]
    except KeyError:
        raise NoSuchProvider(field="provider") from None


def names() -> list[str]:
    return list(_providers)


register(Paysim())
register(Offline())
