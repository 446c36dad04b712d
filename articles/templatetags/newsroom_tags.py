"""How a headline, a date and a language are set on every page."""

from datetime import date, timedelta
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_bidi, gettext

from articles.publishing.models import Article
from articles.text import markdown

register = template.Library()

WIDE_MARKS, NARROW_MARKS = tuple('“«„"'), tuple("‘‹'")
LONG_HEADLINE = 90  # Characters; from here on it would fill a phone's screen if set at full size.
ONE_DAY = timedelta(days=1)
A_WEEK_BACK = timedelta(days=6)


@register.filter
@lru_cache(maxsize=2048)
def typographic(line: str) -> str:
    """Headlines are stored as they were typed and shown with real quotation marks. Not safe HTML: escaped as usual."""
    return markdown.typographic(line)


@register.filter(is_safe=True)
def single_line(text: str) -> str:
    """Collapse white space. A page title is written over several lines of its template."""
    return " ".join(text.split())


@register.filter
def hanging_quote(line: str) -> str:
    """The class by which a first quotation mark hangs in the margin."""
    if line.startswith(WIDE_MARKS):
        return "hanging-quote"
    return "hanging-quote narrow" if line.startswith(NARROW_MARKS) else ""


@register.filter
def headline_class(line: str) -> str:
    """Classes of a headline: a first quotation mark hangs, a long line is set smaller."""
    return " ".join(filter(None, ("headline", hanging_quote(line), "long" if len(line) > LONG_HEADLINE else "")))


@register.filter
def lang_attrs(article: Article) -> str:
    """The language of an article, as attributes, where it is not the page's."""
    if article.language == get_language():
        return ""
    return format_html(' lang="{}" dir="{}"', article.language, article.direction)


@register.filter
def rtl_class(article: Article) -> str:
    """The class of an article that runs against the page, so that what is said about it stands at its side."""
    return " opposite-direction" if (article.direction == "rtl") != get_language_bidi() else ""


@register.filter
def dated(article: Article) -> str:
    """The full date; with the time only where it is known."""
    if article.dated is None:
        return ""
    shown = date_format(article.dated, "DATE_FORMAT")
    if article.dated_at is None:
        return format_html('<time datetime="{}">{}</time>', article.dated.isoformat(), shown)
    moment = timezone.localtime(article.dated_at)
    clock = date_format(moment, "TIME_FORMAT")
    return format_html('<time datetime="{}">{}, {}</time>', moment.isoformat(timespec="minutes"), shown, clock)


@register.filter
def updated(article: Article) -> str:
    """When readers last saw the text change; nothing if it never did."""
    if article.updated_at is None:
        return ""
    moment = timezone.localtime(article.updated_at)
    shown = date_format(moment, "DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="minutes"), shown)


@register.filter
def day(article: Article) -> str:
    """The date as one would say it: Today, Yesterday, Monday, 24 November."""
    return _time(article, today=gettext("Today"), weekday="l", this_year="j F", other="j F Y")


@register.filter
def short_day(article: Article) -> str:
    """The same for a narrow column: 09:40, Mon, 24 Nov."""
    today = gettext("Today")
    if article.dated_at is not None:
        today = date_format(timezone.localtime(article.dated_at), "TIME_FORMAT")
    return _time(article, today=today, weekday="D", this_year="j M", other="M Y")


def _time(article: Article, *, today: str, weekday: str, this_year: str, other: str) -> str:
    if article.dated is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>',
        article.dated.isoformat(),
        _say(get_language(), article.dated, timezone.localdate(), today, weekday, this_year, other),
    )


@lru_cache(maxsize=2048)
def _say(language: str | None, that: date, now: date, today: str, weekday: str, this_year: str, other: str) -> str:
    """In the active language, which is an argument only so that the memory keeps languages apart."""
    if that == now:
        return today
    if that == now - ONE_DAY and weekday == "l":
        return gettext("Yesterday")
    if now - A_WEEK_BACK <= that < now:
        return date_format(that, weekday)
    return date_format(that, this_year if that.year == now.year else other)
