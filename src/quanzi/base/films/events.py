"""What became of films."""

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class FilmEnded(DomainEvent):
    """A film is ready to be watched, or could not be prepared."""

    film_id: int
    is_ready: bool
