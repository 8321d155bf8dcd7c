"""Django settings, one file per subject."""

from quanzi.site.settings.accounts import *  # noqa: F403
from quanzi.site.settings.carriers import *  # noqa: F403
from quanzi.site.settings.contact import *  # noqa: F403
from quanzi.site.settings.core import *  # noqa: F403
from quanzi.site.settings.pages import *  # noqa: F403
from quanzi.site.settings.payments import *  # noqa: F403
from quanzi.site.settings.programs import *  # noqa: F403
from quanzi.site.settings.security import *  # noqa: F403
