"""What this room announces. Rooms above listen; this one knows none of them."""

from django.dispatch import Signal

# Sent with `reader`, inside the transaction and before the row is gone: take back the reader's votes, give up the name.
reader_leaving = Signal()
# Sent with `reader`, inside the transaction: a part in the paper was given or taken, or the account switched off or on.
powers_changed = Signal()
