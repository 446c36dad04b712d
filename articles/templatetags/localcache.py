"""Pieces of a page that are the same for all readers, rendered once while nothing changes; and pages that are so but
for some words in between.
"""

from collections.abc import Hashable
from secrets import token_hex
from sys import getsizeof
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

from articles.web.local_cache import response_cache

register = template.Library()

HOLE = f"\0{token_hex(8)}"  # Stands where a reader's own part belongs; nobody can write it.
HOLES = "the own parts of the page that is being set"


class LocalCacheNode(Node):
    def __init__(self, nodelist: NodeList, name: str, differing: list[FilterExpression]) -> None:
        self.nodelist, self.name, self.differing = nodelist, name, differing

    def render(self, context: Context) -> Any:
        key = "piece", self.name, get_language(), *(value.resolve(context) for value in self.differing)
        return response_cache().get_or_set(key, lambda: self.nodelist.render(context))


@register.tag
def localcache(parser: Parser, token: Token) -> LocalCacheNode:
    """`{% localcache "masthead" here.pk %}...{% endlocalcache %}`: cache a fragment that is the same for every reader.

    The cache key is the name, the active language and the values after the name. Nothing inside may depend on the
    reader or on the request.
    """
    _tag, name, *differing = token.split_contents()
    nodelist = parser.parse(("endlocalcache",))
    parser.delete_first_token()
    return LocalCacheNode(nodelist, name.strip("\"'"), [parser.compile_filter(value) for value in differing])


class _Nobody:
    """Stands for whoever asks while a page is set for all readers of a kind: what is personal can't get into it."""

    is_authenticated, is_anonymous, is_banned, write_refusal = True, False, False, ""

    def __init__(self, asked: list[str]) -> None:
        self._asked = asked

    def __getattr__(self, name: str) -> Any:
        self._asked.append(name)  # `{% if %}` takes an error for a no.
        raise RuntimeError(_not_for_all(name))

    def _refuse(self, *_other: object) -> Any:
        return self.__getattr__("the whole of it")

    __str__ = __bool__ = __iter__ = __len__ = __contains__ = __eq__ = __hash__ = _refuse


class _Asked(_Nobody):
    def __init__(self, asked: list[str]) -> None:
        super().__init__(asked)
        self.user = _Nobody(asked)


def _not_for_all(name: str) -> str:
    return f"“{name}” is a reader's own: put it between {{% personal %}} and {{% endpersonal %}}"


class SharedNode(Node):
    def __init__(self, nodelist: NodeList, key: FilterExpression) -> None:
        self.nodelist, self.key = nodelist, key

    def render(self, context: Context) -> str:
        key: Hashable = self.key.resolve(context, ignore_failures=True)
        if not key:
            return self.nodelist.render(context)
        key = "shared", get_language(), key
        pieces, own = response_cache().get_or_set(
            key, lambda: self._set(context), size=lambda page: sum(map(getsizeof, page[0]))
        )
        whole = [pieces[0]]
        for part, piece in zip(own, pieces[1:], strict=True):
            whole += part.render(context), piece
        return "".join(whole)

    def _set(self, context: Context) -> tuple[list[str], list[NodeList]]:
        own: list[NodeList] = []
        asked: list[str] = []
        nobody = _Nobody(asked)
        strangers = {"request": _Asked(asked)} | dict.fromkeys(("user", "perms", "messages", "csrf_token"), nobody)
        with context.push(**strangers, **{HOLES: own}):
            pieces = self.nodelist.render(context).split(HOLE)
        if asked:
            raise RuntimeError(_not_for_all(asked[0]))
        return pieces, own


class PersonalNode(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        own: list[NodeList] | None = context.get(HOLES)
        if own is None:
            return self.nodelist.render(context)
        own.append(self.nodelist)
        return HOLE


@register.tag
def shared(parser: Parser, token: Token) -> SharedNode:
    """`{% shared key %}...{% endshared %}`: the same for all readers of a kind but for what stands in `{% personal %}`.

    The key tells the page and the kind; without one, all is rendered as usual.
    """
    _tag, key = token.split_contents()
    nodelist = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(nodelist, parser.compile_filter(key))


@register.tag
def personal(parser: Parser, token: Token) -> PersonalNode:
    """`{% personal %}...{% endpersonal %}`: rendered for each reader, without any `with` or `for` that is outside."""
    nodelist = parser.parse(("endpersonal",))
    parser.delete_first_token()
    return PersonalNode(nodelist)
