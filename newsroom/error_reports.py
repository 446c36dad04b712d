"""Send errors to Sentry or GlitchTip, if SENTRY_DSN names one: what is logged as an error, and nothing about who asked.

sentry_sdk's integration with Django isn't used, since it adds requests, their bodies, cookies and readers.
"""

from typing import Any

from newsroom.request_log import message_of

type Event = dict[str, Any]


def start(dsn: str) -> None:
    import sentry_sdk  # An optional package.

    sentry_sdk.init(
        dsn,
        auto_enabling_integrations=False,
        before_send=without_people,
        include_local_variables=False,
        max_breadcrumbs=0,
    )


def without_people(event: Event, hint: Event) -> Event:
    """Take out of an event what may name a reader: the request, which the log's record has, and its URL."""
    for part in ("extra", "request", "user"):
        event.pop(part, None)
    if record := hint.get("log_record"):
        event["logentry"] = {"message": message_of(record)}
    return event
