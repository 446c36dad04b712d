"""Signals of pictures."""

from django.dispatch import Signal

picture_prepared = Signal()
"""Sent after a picture's renditions were made, or could not be made. Arguments: picture."""

picture_changed = Signal()
"""Sent, in the transaction, after fields of a picture changed. Arguments: picture, its `former` fields, by."""
