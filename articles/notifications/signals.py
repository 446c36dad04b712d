"""Signals of this package."""

from django.dispatch import Signal

# Sent with `notifications`, a list of new ones, in the transaction that created them. A notification is created once
# and stays when its comment is hidden, so receivers that send anything must check `Notification.objects.visible()`.
notifications_created = Signal()
