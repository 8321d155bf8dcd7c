"""Reading launches and brand days."""

from quanzi.trade.launches.queries.days import CalendarDay, DayGoodRow, DayPage, DayRow, calendar, day_page
from quanzi.trade.launches.queries.launches import (
    Drawn,
    LaunchPage,
    LaunchRow,
    MyPlace,
    draw_sheet,
    launch_page,
    launch_rows,
    my_turns,
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
    "calendar",
    "day_page",
    "draw_sheet",
    "launch_page",
    "launch_rows",
    "my_turns",
]
