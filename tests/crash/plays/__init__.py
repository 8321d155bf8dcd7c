"""What people and workers do in a shop, as plays: prepare, act, check.

An act is what a caller does who does not know whether it happened before: it may be repeated any number of times,
with the same key, and ends with everything done once.
"""

from tests.crash.plays import (
    aftersales,
    counters,
    films,
    follow,
    goods,
    launches,
    leaving,
    money,
    orders,
    payouts,
    polls,
    preorders,
    rewards,
    rounds,
    samples,
    sending,
    sheets,
    supply,
    teams,
    together,
    webhooks,
)
from tests.crash.plays.play import PLAYS, all_is_well

__all__ = [
    "PLAYS",
    "aftersales",
    "all_is_well",
    "counters",
    "films",
    "follow",
    "goods",
    "launches",
    "leaving",
    "money",
    "orders",
    "payouts",
    "polls",
    "preorders",
    "rewards",
    "rounds",
    "samples",
    "sending",
    "sheets",
    "supply",
    "teams",
    "together",
    "webhooks",
]
