"""Template tags that cache fragments for all readers, and pages that differ for each reader only in marked parts."""

from collections.abc import Hashable
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

from articles.text.placeholders import Pattern, placeholder
from articles.web.local_cache import response_cache

register = template.Library()

PARTS = "personal parts of the page that is being rendered"  # In the template's context.


class LocalCacheNode(Node):
    def __init__(self, nodelist: NodeList, name: str, vary_on: list[FilterExpression]) -> None:
        self.nodelist, self.name, self.vary_on = nodelist, name, vary_on

    def render(self, context: Context) -> Any:
        key = "fragment", self.name, get_language(), *(value.resolve(context) for value in self.vary_on)
        return response_cache().get_or_set(key, lambda: self.nodelist.render(context), shows=())


@register.tag
def localcache(parser: Parser, token: Token) -> LocalCacheNode:
    """`{% localcache "masthead" current_section.pk %}...{% endlocalcache %}`: cache a fragment shared by all readers.

    The cache key is the name, the active language and the values after the name. Nothing inside may depend on the
    reader or on the request.
    """
    _tag, name, *vary_on = token.split_contents()
    nodelist = parser.parse(("endlocalcache",))
    parser.delete_first_token()
    return LocalCacheNode(nodelist, name.strip("\"'"), [parser.compile_filter(value) for value in vary_on])


class _AnyReader:
    """Stands in for the reader while a shared page is rendered, so that nothing personal gets into it."""

    is_authenticated, is_anonymous, write_refusal = True, False, ""
    comment_refusal = ""

    def __init__(self, used: list[str]) -> None:
        self._used = used

    def __getattr__(self, name: str) -> Any:
        self._used.append(name)  # `{% if %}` swallows the exception.
        raise RuntimeError(_not_shared(name))

    def _refuse(self, *_other: object) -> Any:
        return self.__getattr__("the whole of it")

    __str__ = __bool__ = __iter__ = __len__ = __contains__ = __eq__ = __hash__ = _refuse


class _AnyRequest(_AnyReader):
    def __init__(self, used: list[str]) -> None:
        super().__init__(used)
        self.user = _AnyReader(used)


def _not_shared(name: str) -> str:
    return f"“{name}” differs for each reader: put it between {{% personal %}} and {{% endpersonal %}}"


class SharedNode(Node):
    def __init__(self, nodelist: NodeList, key: FilterExpression) -> None:
        self.nodelist, self.key = nodelist, key

    def render(self, context: Context) -> str:
        key: Hashable = self.key.resolve(context, ignore_failures=True)
        if not key:
            return self.nodelist.render(context)
        key = "shared", get_language(), key
        page, parts = response_cache().get_or_set(
            key, lambda: self._render_shared(context), size=lambda made: made[0].size
        )
        return page.fill(lambda name: parts[name].render(context))

    def _render_shared(self, context: Context) -> tuple[Pattern, dict[str, NodeList]]:
        parts: dict[str, NodeList] = {}
        used: list[str] = []
        reader = _AnyReader(used)
        stand_ins = {"request": _AnyRequest(used)} | dict.fromkeys(("user", "perms", "messages", "csrf_token"), reader)
        with context.push(**stand_ins, **{PARTS: parts}):
            page = Pattern(self.nodelist.render(context))
        if used:
            raise RuntimeError(_not_shared(used[0]))
        return page, parts


class PersonalNode(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        parts: dict[str, NodeList] | None = context.get(PARTS)
        if parts is None:
            return self.nodelist.render(context)
        name = f"personal:{len(parts)}"
        parts[name] = self.nodelist
        return placeholder(name)


@register.tag
def shared(parser: Parser, token: Token) -> SharedNode:
    """`{% shared key %}...{% endshared %}`: render once for all readers, except the `{% personal %}` parts.

    The key identifies the page and all that it depends on besides the database; without one, nothing is shared.
    """
    _tag, key = token.split_contents()
    nodelist = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(nodelist, parser.compile_filter(key))


@register.tag
def personal(parser: Parser, token: Token) -> PersonalNode:
    """`{% personal %}...{% endpersonal %}`: rendered for each reader, without any `with` or `for` around it."""
    nodelist = parser.parse(("endpersonal",))
    parser.delete_first_token()
    return PersonalNode(nodelist)
