"""Pieces of a page that are the same for all readers, rendered once while nothing changes."""

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

from articles.web.memory import at_hand

register = template.Library()


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
