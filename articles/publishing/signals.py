"""What this room announces. Rooms above listen; this one knows none of them."""

from django.dispatch import Signal

# Sent with `article`, inside the transaction of the change.
article_recorded = Signal()  # Its text, its companions or its facts were saved.
author_changed = Signal()  # Sent with `author`: another account, or none, belongs to a byline.
article_deleting = Signal()  # It and all that hangs on it will be gone when the transaction ends.
article_status_changed = Signal()  # It was published, scheduled, withdrawn or sent back.
