"""Signals of the publishing package, for packages in higher layers."""

from django.dispatch import Signal

# Sent with `article`, inside the transaction of the change.
article_saved = Signal()  # Its text, companions or other fields were saved.
byline_changed = Signal()  # Who wrote it.
author_changed = Signal()  # Sent with `author`: its account changed.
article_deleting = Signal()  # The article and all related rows are about to be deleted.
article_status_changed = Signal()  # It was published, scheduled, withdrawn or returned.
