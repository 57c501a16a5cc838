"""Everything a rule can say no with; the web layer translates each kind to a status once."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal with a Chinese sentence and its parameters.

    The sentence is a message id: ``message`` holds ``{name}`` places, ``params`` fills them, and
    the edge translates before it formats.
    """

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message.format(**self.params) if self.params else self.message


class NotAllowed(DomainError):
    """The actor's roles do not hold the permission (403)."""


class NotFound(DomainError):
    """Absent, or behind a wall: the two are not told apart (404)."""

    def __init__(self, message: str = "没有找到这条内容", **params: object) -> None:
        super().__init__(message, **params)


class WrongState(DomainError):
    """The lifecycle has no such move from here (409)."""


class Conflict(DomainError):
    """Somebody else was faster, or the thing exists already (409)."""


class TooMany(DomainError):
    """A limit on attempts was reached (429); ``retry_after`` is in seconds."""

    def __init__(self, message: str, retry_after: int, **params: object) -> None:
        super().__init__(message, **params)
        self.retry_after = retry_after


class Invalid(DomainError):
    """Input that cannot be taken (422); ``fields`` names each field's sentence."""

    def __init__(
        self, message: str, fields: dict[str, str] | None = None, **params: object
    ) -> None:
        super().__init__(message, **params)
        self.fields = fields or {}


class Unavailable(DomainError):
    """A needed part (database, disk) does not answer now (503)."""
