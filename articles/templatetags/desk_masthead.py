"""Template tag for the desk's links in the masthead."""

from typing import Any

from django import template
from django.template.context import Context

from articles.desk.masthead import desk_links

register = template.Library()


@register.inclusion_tag("desk/_masthead_links.html", takes_context=True)
def desk_masthead_links(context: Context) -> dict[str, Any]:
    request = context["request"]
    return {"links": desk_links(request.user, request.path)}
