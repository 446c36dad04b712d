"""Template filters for headlines, dates and languages of articles."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_bidi, gettext

from articles.accounts.models import User
from articles.discussion import rules_news
from articles.publishing import picture_html
from articles.publishing.models import Article
from articles.text import markdown, quotations

register = template.Library()

WIDE_MARKS, NARROW_MARKS = tuple('“”«»„"'), tuple("‘’‚‹'")
LONG_HEADLINE = 90  # Characters; at full size, a longer headline would fill a phone's screen.
LONG_NAME = 20  # Characters; a longer name of the publication takes several lines of the name plate at full size.
ONE_DAY = timedelta(days=1)
SIX_DAYS = timedelta(days=6)


@register.filter
def typographic(line: str, language: str = "") -> str:
    """Return the line with the quotation marks of its language; headlines are stored as typed.

    Not marked safe, so it is escaped.
    """
    return markdown.typographic(line, language)


@register.simple_tag
def rules_change(reader: Any) -> datetime | None:
    """Return when the community rules changed, for readers who haven't written since. For templates of forms."""
    return rules_news.unseen_change(reader) if isinstance(reader, User) else None


@register.filter
def nested(text: str) -> str:
    """Return a text for use in quotation marks: its own marks are those of a quotation in a quotation."""
    return quotations.nested(text)


@register.filter(is_safe=True)
def single_line(text: str) -> str:
    """Collapse white space. Page titles and links are written over several lines of their templates."""
    return " ".join(text.split())


@register.filter
def hanging_quote(line: str) -> str:
    """Return the class that moves a first quotation mark into the margin."""
    if line.startswith(WIDE_MARKS):
        return "hanging-quote"
    return "hanging-quote narrow" if line.startswith(NARROW_MARKS) else ""


@register.filter
def headline_class(line: str) -> str:
    """Return a headline's classes: for a first quotation mark in the margin, and a smaller size if it is long."""
    return " ".join(filter(None, ("headline", hanging_quote(line), "long" if len(line) > LONG_HEADLINE else "")))


@register.filter
def name_class(name: str) -> str:
    """Return the classes of the publication's name on the front page: a smaller size if it is long."""
    return "name long" if len(name) > LONG_NAME else "name"


@register.filter
def lang_attrs(article: Article) -> str:
    """Return `lang` and `dir` attributes; empty if the article is in the page's language."""
    if article.language == get_language():
        return ""
    return format_html(' lang="{}" dir="{}"', article.language, article.direction)


@register.filter
def rtl_class(article: Article) -> str:
    """Return the class of an article whose text direction differs from the page's."""
    return " opposite-direction" if (article.direction == "rtl") != get_language_bidi() else ""


@register.filter
def card_picture(article: Article, kind: str) -> str:
    """Return the lead picture for a card, see `publishing.placed_pictures`; empty where none was loaded."""
    placements = getattr(article, "lead_placements", ())
    return picture_html.card_picture(placements[0], kind) if placements else ""


@register.filter
def dated(article: Article) -> str:
    """Return the full date, with the time if it is known."""
    if article.dated is None:
        return ""
    shown = date_format(article.dated, "DATE_FORMAT")
    moment = article.local_time
    if moment is None:
        return format_html('<time datetime="{}">{}</time>', article.dated.isoformat(), shown)
    clock = date_format(moment, "TIME_FORMAT")
    return format_html('<time datetime="{}">{}, {}</time>', moment.isoformat(timespec="minutes"), shown, clock)


@register.filter
def updated(article: Article) -> str:
    """Return when the published text last changed; empty if it never did."""
    if article.updated_at is None:
        return ""
    moment = timezone.localtime(article.updated_at)
    shown = date_format(moment, "DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="minutes"), shown)


@register.filter
def published_at(moment: datetime) -> str:
    """Return a time as people say it: 09:40, then Yesterday, Monday, 24 November."""
    moment = timezone.localtime(moment)
    today = date_format(moment, "TIME_FORMAT")
    shown = _format_day(get_language(), moment.date(), timezone.localdate(), today, "j F", "j F Y")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="minutes"), shown)


@register.filter
def day(article: Article) -> str:
    """Return the date as people say it: Today, Yesterday, Monday, 24 November."""
    return _time_element(article, today=gettext("Today"), this_year="j F", other="j F Y")


@register.filter
def short_day(article: Article) -> str:
    """Return a short date for a narrow column: 09:40, Yesterday, Monday, 24 Nov."""
    today = gettext("Today")
    if (moment := article.local_time) is not None:
        today = date_format(moment, "TIME_FORMAT")
    return _time_element(article, today=today, this_year="j M", other="M Y")


def _time_element(article: Article, *, today: str, this_year: str, other: str) -> str:
    if article.dated is None:
        return ""
    shown = _format_day(get_language(), article.dated, timezone.localdate(), today, this_year, other)
    exact = date_format(article.dated, "DATE_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', article.dated.isoformat(), exact, shown)


@lru_cache(maxsize=2048)
def _format_day(language: str | None, day: date, today_date: date, today: str, this_year: str, other: str) -> str:
    """Format a date in the active language, which is an argument only to be part of the cache key."""
    if day == today_date:
        return today
    if day == today_date - ONE_DAY:
        return gettext("Yesterday")
    if today_date - SIX_DAYS <= day < today_date:
        return date_format(day, "l")
    return date_format(day, this_year if day.year == today_date.year else other)
