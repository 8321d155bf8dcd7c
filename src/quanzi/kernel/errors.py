"""Expected refusals. Faces turn them into a notice, or into an HTTP status with a stable code.

A class states `code` (stable, for programs), `message` (English source string with `{placeholders}`)
and `status`; an instance carries the values of the placeholders.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from quanzi.kernel.words import N_


class DomainError(Exception):
    """Something a person asked for cannot be done, and they can act on the reason."""

    code: ClassVar[str] = "refused"
    message: ClassVar[str] = N_("This cannot be done.")
    status: ClassVar[int] = 409

    def __init__(self, **params: Any) -> None:
        self.params: dict[str, Any] = params
        self.fields: dict[str, DomainError] = {}
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """The English sentence with its values filled in."""
        return fill(self.message, self.params)


class NotAllowed(DomainError):
    """The caller is known but may not do this."""

    code = "not_allowed"
    message = N_("You may not do this.")
    status = 403


class NotFound(DomainError):
    """The thing does not exist, or must look to this caller as if it did not."""

    code = "not_found"
    message = N_("This does not exist or is no longer here.")
    status = 404


class InvalidInput(DomainError):
    """One value of the input cannot be used; `field` names it."""

    code = "invalid_input"
    message = N_("Please check this value.")
    status = 422

    def __init__(self, *, field: str = "", **params: Any) -> None:
        self.field = field
        super().__init__(**params)
        if field:
            self.fields = {field: self}


class IllegalMove(DomainError):
    """A state table does not hold this move."""

    code = "illegal_move"
    message = N_("This is no longer possible: it is now “{before}” and cannot become “{after}”.")

    def __init__(self, before: object, after: object, **params: Any) -> None:
        self.before, self.after = before, after
        super().__init__(before=plain(before), after=plain(after), **params)


class Errors(DomainError):
    """Several refusals at once, so that a person can repair all of them in one go."""

    code = "several_errors"
    message = N_("Several things need your attention.")
    status = 422

    def __init__(self, errors: Sequence[DomainError], **params: Any) -> None:
        self.errors = tuple(errors)
        super().__init__(**params)
        self.fields = {name: error for one in self.errors for name, error in one.fields.items()}

    def __iter__(self) -> Iterator[DomainError]:
        return iter(self.errors)

    @classmethod
    def raise_any(cls, errors: Sequence[DomainError]) -> None:
        """Raise what was collected: nothing for none, the error itself for one, all of them for more."""
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise cls(errors)


def fill(template: str, params: Mapping[str, Any]) -> str:
    """Put values into a message; a placeholder without a value stays readable instead of failing."""

    class Forgiving(dict[str, Any]):
        def __missing__(self, key: str) -> str:
            return "{" + key + "}"

    return template.format_map(Forgiving(params))


def plain(state: object) -> str:
    """The stored word of a state, also when it is an enumeration member."""
    return str(getattr(state, "value", state))
