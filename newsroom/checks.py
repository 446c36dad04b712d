"""Checks of a public site's settings for `manage.py check --deploy`; `serve` prints them at its start, too."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004


@register(Tags.security, deploy=True)
def email_is_sent(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn that without a mail server nobody can confirm an email address or reset a password."""
    if not settings.PUBLIC or settings.EMAIL_IS_SENT:
        return []
    message = f"EMAIL_URL isn't set: emails are only written to {settings.MAIL_DIR}. Nobody can sign up."
    return [Warning(message, id="newsroom.W001")]
