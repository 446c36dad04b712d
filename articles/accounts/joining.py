"""How a reader joins: the paper's rules on top of allauth's."""

from allauth.account.adapter import DefaultAccountAdapter


class PaperAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    pass
