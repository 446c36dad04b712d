"""The one error that a room raises when it says no to a person."""


class Refused(Exception):
    """A refusal in plain words, fit to be shown as it is.

    Args:
        reason: A translated sentence that says what is wrong and what to do.
        field: The form field that it belongs to; None for the whole form.
        retry_after: Seconds after which the same thing would be allowed; None where time does not help.
    """

    def __init__(self, reason: str, *, field: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.retry_after = retry_after
