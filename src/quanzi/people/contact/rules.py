"""Which consents exist: purpose by purpose, each for the channels it can use."""

from __future__ import annotations

from quanzi.people.contact.models import Channel, Purpose

NOT_MESSAGES = frozenset({Purpose.SOCIAL_PROOF, Purpose.RECOMMENDATION})
MESSAGE_CHANNELS = (Channel.IN_APP, Channel.EMAIL, Channel.SMS, Channel.PUSH)


def channels_of(purpose: str) -> tuple[Channel, ...]:
    """Channels for which the purpose is asked; showing and recommending are no messages and use NONE."""
    return (Channel.NONE,) if purpose in NOT_MESSAGES else MESSAGE_CHANNELS
