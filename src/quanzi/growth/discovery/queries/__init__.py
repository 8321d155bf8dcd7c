"""Reads of the room: proof beside goods, the feed as shop front, what to discover."""

from quanzi.growth.discovery.queries.discover import DiscoverPage, discover_page
from quanzi.growth.discovery.queries.feed import FeedCard, feed_page, post_cards
from quanzi.growth.discovery.queries.keepers import ProofLine, proof_lines
from quanzi.growth.discovery.queries.proof import Known, PathStep, Proof, Quote, social_proof

__all__ = [
    "DiscoverPage",
    "FeedCard",
    "Known",
    "PathStep",
    "Proof",
    "ProofLine",
    "Quote",
    "discover_page",
    "feed_page",
    "post_cards",
    "proof_lines",
    "social_proof",
]
