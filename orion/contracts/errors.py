"""Errors that services and queries raise; the web layer alone turns them into pages."""


class OrionError(Exception):
    """An expected error: `message` is a sentence for the person, already translated.

    `said` is what it was made of: of a lazy text, rows keep it for readers of every language (`kept`).
    """

    status = 500

    def __init__(self, message: object = "") -> None:
        self.said, self.message = message, str(message)
        super().__init__(self.message)


class NotFound(OrionError):
    """The thing does not exist, or is not to be seen from here: the two are told apart nowhere."""

    status = 404


class Forbidden(OrionError):
    """The person is known and lacks the permission."""

    status = 403


class Invalid(OrionError):
    """The input breaks a rule. `errors` maps a field name to its sentences."""

    status = 422

    def __init__(self, message: object = "", errors: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.errors = errors or {}


class Conflict(OrionError):
    """As things are now this can't be done: a state doesn't allow it, or something stands in the way."""

    status = 409


class Changed(Conflict):
    """Somebody else changed the same thing in between."""


class TooMany(OrionError):
    """Asked too often. `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: object = "", retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class WallError(RuntimeError):
    """A statement tried to pass the tenant wall. A defect in the code, never a person's fault."""
