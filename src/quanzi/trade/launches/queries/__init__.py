"""Reading launches and brand days."""

from quanzi.trade.launches.queries.days import (
    CalendarDay,
    DayGoodRow,
    DayPage,
    DayRow,
    all_days,
    calendar,
    day_page,
    slug_of_day,
)
from quanzi.trade.launches.queries.launches import (
    Drawn,
    LaunchPage,
    LaunchRow,
    MyPlace,
    PlaceRow,
    all_launches,
    draw_sheet,
    launch_page,
    launch_row,
    launch_rows,
    my_turns,
    place_rows,
)

__all__ = [
    "CalendarDay",
    "DayGoodRow",
    "DayPage",
    "DayRow",
    "Drawn",
    "LaunchPage",
    "LaunchRow",
    "MyPlace",
    "PlaceRow",
    "all_days",
    "all_launches",
    "calendar",
    "day_page",
    "draw_sheet",
    "launch_page",
    "launch_row",
    "launch_rows",
    "my_turns",
    "place_rows",
    "slug_of_day",
]
