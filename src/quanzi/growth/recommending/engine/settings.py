"""The numbers that a fit is steered by."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True, order=True)
class Setting:
    """How TrustRidge is fitted.

    a, b: how much busy people and popular goods are damped; l: how much the scores are smoothed; w: how much ties weigh in the
    kernel (0: not at all); k: rank of the low-rank form, 0 for the exact one; c: how much of the popularity is given back;
    e: 1 divides by what a good says of itself (EASE); power: of the weights (0 takes every entry as one);
    near: least weight of ties for people who kept hardly anything.
    """

    a: float = 0.25
    b: float = 0.25
    l: float = 0.47  # noqa: E741 - the letter of the formula
    w: float = 0.6
    k: int = 160
    c: float = 0.25
    e: int = 0
    power: float = 0.0
    near: float = 1.0

    @property
    def is_exact(self) -> bool:
        return self.k == 0

    def but(self, **changes: float) -> Setting:
        return replace(self, **changes)  # type: ignore[arg-type]

    def as_dict(self) -> dict[str, float]:
        """For people and programs to read; numbers as short as they are."""
        return {name: round(value, 6) for name, value in asdict(self).items()}


START = Setting()
SPARSE_START = Setting(a=0.5, b=0.4, l=1.0, c=0.55)

KNOWN = (
    START,
    SPARSE_START,
    Setting(a=0.1, b=0.35, l=0.5, w=0.0, k=128, c=0.2),
    Setting(a=0.1, b=0.35, l=4.0, w=2.0, k=128, c=0.35),
    Setting(a=0.1, b=0.2, l=2.0, w=0.5, k=64, c=0.2),
    Setting(a=0.2, b=0.35, l=0.5, w=0.0, k=64, c=0.2),
    Setting(a=0.25, b=0.1, l=8.0, w=0.0, k=32, c=0.7),
)
"""Where a search begins: the two starts, what four quite different data sets ended with, and where fame says more than taste."""
