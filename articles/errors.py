"""The error that every package raises when it refuses an action."""


class Refused(Exception):
    """A refusal with a message for the user.

    Args:
        reason: A translated sentence that says what is wrong and what to do.
        field: The form field with the error; None for the whole form.
        retry_after: Seconds after which the action would be allowed; None if waiting doesn't help.
    """

    def __init__(self, reason: str, *, field: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.retry_after = retry_after
