"""The larger circles have been looked at: is each one, or several?"""

from __future__ import annotations

from quanzi.growth.splitting import services as splitting
from quanzi.site.demo.stage import Stage

LEAST = 24


def look(stage: Stage) -> None:
    """What comes of it is what their people did: the neighbours are one circle, the evenings became two, and the pages say how that was seen."""
    splitting.set_least(least_members=LEAST, by=stage.staff["zhoumin"], now=stage.ago(2))
    for key in ("neighbours", "evenings"):
        splitting.look(circle_id=stage.circles[key].pk, now=stage.ago(0.3))
