"""Which consents exist: purpose by purpose, each for the channels it can use."""

from __future__ import annotations

from quanzi.people.contact.models import Channel, Purpose

NOT_MESSAGES = frozenset(
    {Purpose.SOCIAL_PROOF, Purpose.RECOMMENDATION, Purpose.SAMPLES, Purpose.REACH, Purpose.LEADING, Purpose.OFFERS}
)
ON_DEVICES_ONLY = frozenset({Purpose.AFFAIRS, Purpose.RESTOCK})
"""In the shop these are told without asking, since they are the member's own affairs; a device outside it is asked for."""

MESSAGE_CHANNELS = (Channel.IN_APP, Channel.EMAIL, Channel.SMS, Channel.PUSH)


def channels_of(purpose: str) -> tuple[Channel, ...]:
    """Channels for which the purpose is asked; showing and recommending are no messages and use NONE."""
    if purpose in NOT_MESSAGES:
        return (Channel.NONE,)
    return (Channel.PUSH,) if purpose in ON_DEVICES_ONLY else MESSAGE_CHANNELS
