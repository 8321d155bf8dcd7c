"""Ways to pay. `offered(name)` finds one for a new payment, `get(name)` for one that exists; plugins `register`."""

from django.conf import settings

from quanzi.base import planned
from quanzi.base.shop.identity import current
from quanzi.trade.payments.errors import NoSuchProvider
from quanzi.trade.payments.providers.offline import Offline
from quanzi.trade.payments.providers.paysim import Paysim
from quanzi.trade.payments.providers.protocol import Provider

__all__ = ["Provider", "get", "names", "offered", "offered_names", "register", "switchable_names", "takes_real_money"]

SIMULATED = Paysim.name
"""Good for trying: whoever may choose it pays with nothing."""

_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    _providers[provider.name] = provider


def get(name: str) -> Provider:
    """Raises NoSuchProvider."""
    try:
        return _providers[name]
    except KeyError:
        raise NoSuchProvider(field="provider") from None


def offered(name: str) -> Provider:
    """For a new payment; raises NoSuchProvider also for one that the shop has switched off."""
    if name not in switchable_names() or (name == SIMULATED and not _takes_simulated()):
        raise NoSuchProvider(field="provider")
    return get(name)


def offered_names() -> list[str]:
    """What a payer may choose from, in the operator's order."""
    return [name for name in switchable_names() if name != SIMULATED or current().takes_simulated]


def _takes_simulated() -> bool:
    """As the row says, since the file that pages read may be behind: nobody pays with nothing once that was switched off."""
    said = planned.value("SELECT takes_simulated FROM shop_shop WHERE id = 1")
    return said is None or bool(said)


def switchable_names() -> list[str]:
    """What this installation could offer; the merchant may have switched the simulated one off."""
    return [name for name in settings.PAYMENT_PROVIDERS if name in _providers]


def takes_real_money() -> bool:
    """Whether a payer can pay, and nobody can pay with nothing."""
    offered_now = offered_names()
    return bool(offered_now) and SIMULATED not in offered_now


def names() -> list[str]:
    return list(_providers)


register(Paysim())
register(Offline())
