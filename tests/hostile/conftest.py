"""One shop with two people's things and a console's worth of everything, for each module; what a test does in it is undone."""

from __future__ import annotations

from tests.faces.api.world import make_world
from tests.factories.people import make_staff
from tests.staying import staying

world, _django_db_helper = staying("world", lambda: make_world(make_staff("owner")))
