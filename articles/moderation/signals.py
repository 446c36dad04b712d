"""Signals of moderation, sent inside the transaction of the change."""

from django.dispatch import Signal

appeal_decided = Signal()  # With `appeal`, which was upheld or rejected, before the decision is undone.
notice_received = Signal()  # With `notice`, after its places are stored.
notice_decided = Signal()  # With `notice`: all its places are decided.
