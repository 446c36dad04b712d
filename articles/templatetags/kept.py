"""Pieces of a page that are the same for all readers, rendered once while nothing changes; and pages that are so but
for some words in between.
"""

from collections.abc import Hashable
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

from articles.web.memory import at_hand

register = template.Library()

HOLE = "\0"  # Stands where a reader's own part belongs; no text has it, clean_text and PostgreSQL refuse it.
HOLES = "the own parts of the page that is being set"
ALIKE_BYTES = 150_000  # What a set page takes in memory, roughly.


class KeptNode(Node):
    def __init__(self, nodelist: NodeList, name: str, differing: list[FilterExpression]) -> None:
        self.nodelist, self.name, self.differing = nodelist, name, differing

    def render(self, context: Context) -> Any:
        key = "piece", self.name, get_language(), *(value.resolve(context) for value in self.differing)
        return at_hand().keep(key, lambda: self.nodelist.render(context))


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept "masthead" here.pk %}...{% endkept %}`: nothing inside may depend on the reader or on the request.

    The name, the language and the values after the name tell one such piece from another.
    """
    _tag, name, *differing = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, name.strip("\"'"), [parser.compile_filter(value) for value in differing])


class _Nobody:
    """Stands for whoever asks while a page is set for all readers of a kind: what is personal can't get into it."""

    is_authenticated, is_anonymous, is_banned = True, False, False

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"“{name}” is a reader's own: put it between {{% own %}} and {{% endown %}}")

    __str__ = __bool__ = __iter__ = lambda self: self.__getattr__("the whole of it")


class _Asked(_Nobody):
    user = _Nobody()


STRANGERS = {"request": _Asked(), "user": _Nobody(), "perms": _Nobody(), "messages": _Nobody(), "csrf_token": _Nobody()}


class AlikeNode(Node):
    def __init__(self, nodelist: NodeList, key: FilterExpression) -> None:
        self.nodelist, self.key = nodelist, key

    def render(self, context: Context) -> str:
        key: Hashable = self.key.resolve(context, ignore_failures=True)
        if not key:
            return self.nodelist.render(context)
        pieces, own = at_hand().keep(("alike", get_language(), key), lambda: self._set(context), size=ALIKE_BYTES)
        whole = [pieces[0]]
        for part, piece in zip(own, pieces[1:], strict=True):
            whole += part.render(context), piece
        return "".join(whole)

    def _set(self, context: Context) -> tuple[list[str], list[NodeList]]:
        own: list[NodeList] = []
        with context.push(**STRANGERS, **{HOLES: own}):
            return self.nodelist.render(context).split(HOLE), own


class OwnNode(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        own: list[NodeList] | None = context.get(HOLES)
        if own is None:
            return self.nodelist.render(context)
        own.append(self.nodelist)
        return HOLE


@register.tag
def alike(parser: Parser, token: Token) -> AlikeNode:
    """`{% alike key %}...{% endalike %}`: the same for all readers of a kind but for what stands in `{% own %}`.

    The key tells the page and the kind; without one, all is rendered as usual.
    """
    _tag, key = token.split_contents()
    nodelist = parser.parse(("endalike",))
    parser.delete_first_token()
    return AlikeNode(nodelist, parser.compile_filter(key))


@register.tag
def own(parser: Parser, token: Token) -> OwnNode:
    """`{% own %}...{% endown %}`: rendered for each reader, without any `with` or `for` that is outside."""
    nodelist = parser.parse(("endown",))
    parser.delete_first_token()
    return OwnNode(nodelist)
