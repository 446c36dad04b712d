"""Signals of the accounts package."""

from django.dispatch import Signal

# Sent with `reader` inside the transaction, before the row is deleted: remove the reader's votes, drop their name. With
# `with_comments`, delete what they wrote to other readers as well.
account_deleting = Signal()
# Sent with `reader` inside the transaction: a role was given or removed, or the account was enabled or disabled.
role_changed = Signal()
# Sent with `reader` and `byline_name`, which may be empty, inside the transaction: they accepted an invitation.
invitation_accepted = Signal()
