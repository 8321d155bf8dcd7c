"""Named moments at which a process can be made to die, to prove that nothing is lost or done twice.

`crash.point("stock.hold.held")` stands where a command has done something and not yet the next thing. In a shop it is
a function that does nothing. In a test's child process the environment names one of them, and the process ends there
at once, as by `kill -9`: nothing is flushed, rolled back by us or said goodbye to. A name tells the moment, not the
line, so that it outlives a rewriting of the command. `tests/crash` walks every name in the code.
"""

import os

VARIABLE = "QUANZI_CRASH_AT"
"""`name`, or `name:3` for the third time that the point is passed."""

ONLY_WITH = "QUANZI_TEST_HOME"
"""Set by the settings of the tests alone."""

EXIT_CODE = 9

_name = ""
_passes_left = 0


class NotInAShop(RuntimeError):
    """Somebody asked a real shop to crash."""


def point(name: str) -> None:
    """Die here when the environment asked for it; else nothing."""
    if _name and name == _name:
        _pass()


def _pass() -> None:
    global _passes_left
    _passes_left -= 1
    if _passes_left <= 0:
        os._exit(EXIT_CODE)


def read_environment() -> None:
    """Look at the variable: when this module is loaded, and again in a child that was forked. Raises NotInAShop."""
    global _name, _passes_left
    wanted, _, times = os.environ.get(VARIABLE, "").partition(":")
    if wanted and ONLY_WITH not in os.environ:
        raise NotInAShop(f"{VARIABLE} makes a process die on purpose. It is for tests only; unset it.")
    _name, _passes_left = wanted, int(times or 1)


read_environment()
