"""What this room announces. Rooms above listen; this one knows none of them."""

from django.dispatch import Signal

# Sent with `notices`, a list of new ones, inside the transaction that made them, in the worker's process. A notice is
# new once: it stays when its comment is hidden, and comes back with it. Before anything is sent because of it, ask
# `Notification.objects.showing()` again.
notices_made = Signal()
