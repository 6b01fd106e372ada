"""Errors are words: every refusal carries a sentence a citizen could read, in the reader's language."""

from typing import Any, ClassVar


class DomainError(Exception):
    """Base of all refusals. ``data`` may carry what was kept (for instance both texts of a conflict)."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "error"

    def __init__(self, message: Any, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data

    def __str__(self) -> str:
        return str(self.message)


class Forbidden(DomainError):
    """The person may not do this."""

    status, code = 403, "forbidden"


class SomebodyElse(Forbidden):
    """The page was opened by one person, and another has signed in since: nothing is written in the wrong name."""

    code = "somebody_else"


class NotFound(DomainError):
    """There is no such thing, or the person may not know that there is."""

    status, code = 404, "not_found"


class WrongState(DomainError):
    """It can't be done now: the object is in another state."""

    status, code = 409, "wrong_state"


class Conflict(DomainError):
    """Somebody else changed it first. ``data`` carries what is needed to show both."""

    status, code = 409, "conflict"


class TooOften(DomainError):
    """The same thing has been asked for too many times; it goes well again after a while."""

    status, code = 429, "too_often"


class Invalid(DomainError):
    """The input is not acceptable. ``fields`` maps a field's name to its sentence."""

    status, code = 422, "invalid"

    def __init__(self, message: Any, fields: dict[str, Any] | None = None, **data: Any) -> None:
        super().__init__(message, **data)
        self.fields = fields or {}
