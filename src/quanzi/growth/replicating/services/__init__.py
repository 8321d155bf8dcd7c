"""Taking a pattern of a community, and making branches from one."""

from quanzi.growth.replicating.services.branching import Outcome, open_branches, preview
from quanzi.growth.replicating.services.starting import publish_text
from quanzi.growth.replicating.services.stocking import make_goods
from quanzi.growth.replicating.services.taking import make_pattern, take_in

__all__ = ["Outcome", "make_goods", "make_pattern", "open_branches", "preview", "publish_text", "take_in"]
