"""The neighbours' circle has been looked at: is it one, or several?"""

from __future__ import annotations

from quanzi.growth.splitting import services as splitting
from quanzi.site.demo.stage import Stage

LEAST = 30


def look(stage: Stage) -> None:
    """What comes of it is what its people did; here they are one circle, and the page says how that was seen."""
    splitting.set_least(least_members=LEAST, by=stage.staff["zhoumin"], now=stage.ago(2))
    splitting.look(circle_id=stage.circles["neighbours"].pk, now=stage.ago(1))
