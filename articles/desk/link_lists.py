"""Links of all articles by state, for the link desk and the dashboard."""

from dataclasses import dataclass, field

from django.db.models import Count, Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from articles.publishing.models import Article, Link, LinkTarget, LostLink, RelatedLink
from articles.text.sanitizing import clean_line
from articles.web.pagination import parse_id

State = LinkTarget.State
MISSING = "missing"
DEFERRED_FIELDS = ["article__body", "article__body_html", "article__held_reason"]
# In the order of work.
STATES = {
    State.DEAD: gettext_lazy("Dead"),
    MISSING: gettext_lazy("Missing targets"),
    State.MOVED: gettext_lazy("Moved"),
    State.UNSURE: gettext_lazy("Uncertain"),
    State.NEW: gettext_lazy("Not checked yet"),
    State.WORKS: gettext_lazy("Working"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list: a URL, or the text of a link whose target is lost."""

    text: str
    url: str
    article: Article | None
    target: LinkTarget | None = None
    uses: int = 1
    note: str = ""


@dataclass(slots=True)
class LinkFilters:
    """The state, search and article that a list is limited to."""

    state: str
    text: str = ""
    article: Article | None = None
    counts: dict[str, int] = field(default_factory=dict)


def targets_for(filters: LinkFilters) -> QuerySet[LinkTarget]:
    """Return the matching URLs. Those without links are included until a job deletes them, within the hour."""
    found = LinkTarget.objects.all()
    if filters.article is not None:
        found = found.filter(pk__in=Link.objects.filter(article=filters.article).values("target"))
    return found.filter(url__icontains=filters.text) if filters.text else found


def lost_links(filters: LinkFilters) -> QuerySet[LostLink]:
    return _filtered(LostLink.objects.all(), filters, words__icontains=filters.text)


def lost_boxes(filters: LinkFilters) -> QuerySet[RelatedLink]:
    return _filtered(RelatedLink.objects.filter(target=None, url=""), filters, headline__icontains=filters.text)


def _filtered[Found: Model](found: QuerySet[Found], filters: LinkFilters, **search: str) -> QuerySet[Found]:
    if filters.article is not None:
        found = found.filter(article=filters.article)
    return found.filter(**search) if filters.text else found


def target_page(target: LinkTarget) -> str:
    """Return the URL of the admin's page of a link target."""
    return reverse("admin:articles_linktarget_change", args=[target.pk])


def count_missing(filters: LinkFilters) -> int:
    return lost_boxes(filters).count() + lost_links(filters).count()


def missing_rows(filters: LinkFilters, *, start: int, stop: int) -> list[Row]:
    """Return boxes first, since fixing one may fix several; then lost links, newest first."""
    boxes = lost_boxes(filters)
    in_boxes = boxes.count()
    rows = [
        Row(box.headline, reverse("admin:articles_link_box", args=[box.pk]), box.article, note=box.label)
        for box in boxes.select_related("article").defer(*DEFERRED_FIELDS).order_by("-pk")[start:stop]
    ]
    words = lost_links(filters).select_related("article").defer(*DEFERRED_FIELDS).order_by("-pk")
    after, until = max(0, start - in_boxes), max(0, stop - in_boxes)
    rows += [
        Row(lost.words, reverse("admin:articles_link_lost", args=[lost.pk]), lost.article, note=lost.raw)
        for lost in words[after:until]
    ]
    return rows


def filters_from(request: HttpRequest) -> LinkFilters:
    """Return the query in the request's URL; without a state, the first that has links."""
    filters = LinkFilters("", text=clean_line(request.GET.get("q", ""))[:200])
    if number := parse_id(request.GET.get("article")):
        filters.article = Article.objects.filter(pk=number).first()
        if filters.article is None:
            raise Http404
    by_state = targets_for(filters).order_by().values_list("state").annotate(n=Count("pk"))
    counts = dict.fromkeys(STATES, 0) | dict(by_state)
    counts[MISSING] = count_missing(filters)
    state = request.GET.get("state", "")
    filters.state = state if state in STATES else next((key for key in STATES if counts[key]), State.DEAD)
    filters.counts = counts
    return filters


def rows_for(filters: LinkFilters, *, start: int, stop: int) -> list[Row]:
    if filters.state == MISSING:
        return missing_rows(filters, start=start, stop=stop)
    found = list(targets_for(filters).filter(state=filters.state).order_by("-checked_at", "-pk")[start:stop])
    uses = dict(Link.objects.filter(target__in=found).values_list("target").annotate(n=Count("article", distinct=True)))
    return [
        Row(
            target.url,
            target_page(target),
            None,
            target=target,
            uses=uses.get(target.pk, 0),
            note=target.get_cause_display(),
        )
        for target in found
    ]
