"""What waits for one person on the dashboard: the first items of each list of work, as one list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.desk import article_filters, picture_filters
from articles.desk.link_lists import MISSING, LinkFilters, count_missing, missing_rows, target_page
from articles.desk.picture_card import licence_sentence
from articles.discussion import rules as discussion_rules
from articles.discussion.models import Comment, Report
from articles.importing.import_batches import batches_of
from articles.importing.models import ImportBatch
from articles.importing.rules import may_import
from articles.moderation import rules as moderation_rules
from articles.moderation.models import Appeal, Notice, NoticedPlace
from articles.pictures.models import Picture
from articles.publishing import rules
from articles.publishing.models import Article, Byline, DeskNote, LinkTarget, PicturePlacement, Revision
from articles.text.excerpts import excerpt
from articles.text.markdown import typographic
from articles.text.quotations import comment_excerpt
from articles.topics import curating
from articles.topics import rules as topic_rules
from articles.topics.models import ArticleTopic

if TYPE_CHECKING:
    from articles.accounts.models import User

SHOWN = 3  # Items of each list: with all lists full, the whole is about two screens.
EXCERPT = 80  # Characters, one line.

_revisions = Revision.objects.filter(article=OuterRef("pk"), state=Revision.State.SAVED).order_by("-number")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do, with the URL where it is done."""

    kind: str
    text: str
    url: str
    note: str = ""
    when: datetime | None = None
    urgency: int = 0
    """1 if readers are affected now, 2 if the law sets the pace."""


@dataclass(frozen=True, slots=True)
class WorkList:
    """All items of one kind: their number, the URL that shows all, and the first of them."""

    key: str
    title: str
    url: str
    count: int
    items: Sequence[Item]

    @property
    def is_longer(self) -> bool:
        """Whether it has more items than the dashboard shows."""
        return self.count > len(self.items)


@dataclass(frozen=True, slots=True)
class PendingWork:
    lists: Sequence[WorkList]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.lists)

    @property
    def items(self) -> list[Item]:
        """The items of all lists: the most urgent first, and of these the oldest; then the newest."""

        def order(item: Item) -> tuple[int, float]:
            moment = item.when.timestamp() if item.when else 0
            return -item.urgency, moment if item.urgency else -moment

        return sorted((item for one in self.lists for item in one.items), key=order)

    @property
    def longer(self) -> list[WorkList]:
        return [one for one in self.lists if one.is_longer]

    @property
    def empty(self) -> list[WorkList]:
        return [one for one in self.lists if not one.count]


def pending_work(person: "User") -> PendingWork:
    """Return what this person may do. Each list takes a query, one more if it is longer than what is shown."""
    lists: list[WorkList] = []
    if discussion_rules.may_moderate(person):
        lists += [_notices(), _appeals(person), _reports(), _held_comments()]
    if rules.may_edit(person):
        lists.append(_own_drafts(person))
        if rules.may_publish(person):
            lists += [_review(), _proposed_revisions()]
        lists.append(_notes(person))
        if may_import(person):
            lists += [_imports(person), _held_articles()]
    if topic_rules.may_curate(person):
        lists.append(_topics())
    if rules.may_publish(person):
        lists.append(_links())
    if rules.may_edit_picture(person):
        lists += _pictures(person)
    return PendingWork(lists)


def _work_list(key: str, title: str, url: str, found: QuerySet[Any], item: Callable[[Any], Item]) -> WorkList:
    rows = list(found[: SHOWN + 1])
    count = len(rows) if len(rows) <= SHOWN else found.count()
    return WorkList(key, title, url, count, [item(row) for row in rows[:SHOWN]])


def _notices() -> WorkList:
    def item(place: NoticedPlace) -> Item:
        url, notice = reverse("decide_notice", args=[place.pk]), place.notice
        return Item(_("Notice"), place.address, url, excerpt(notice.explanation), notice.created_at, urgency=2)

    places = NoticedPlace.objects.filter(action=None, notice__state=Notice.State.OPEN).select_related("notice")
    url = f"{reverse('moderation')}?show=notices"
    return _work_list("notices", _("Notices"), url, places.order_by("notice", "pk"), item)


def _appeals(person: "User") -> WorkList:
    def item(appeal: Appeal) -> Item:
        action = capfirst(appeal.action.get_action_display())
        url = reverse("review_appeal", args=[appeal.pk])
        return Item(_("Appeal"), excerpt(appeal.text, EXCERPT), url, action, appeal.created_at)

    appeals = moderation_rules.decidable_appeals(person).select_related("action").order_by("pk")
    return _work_list("appeals", _("Appeals"), f"{reverse('moderation')}?show=appeals", appeals, item)


def _reports() -> WorkList:
    def item(comment: Any) -> Item:
        note = ngettext("%(n)s report", "%(n)s reports", comment.number) % {"n": comment.number}
        kind = Report.Reason.UNLAWFUL.label if comment.unlawful else _("Report")
        text = comment_excerpt(comment.body_html, EXCERPT)
        return Item(str(kind), text, _case_url(comment), note, comment.newest, urgency=2 if comment.unlawful else 1)

    reported = Comment.objects.filter(reports__state=Report.State.OPEN).only("body_html")
    reported = reported.annotate(
        number=Count("reports"),
        unlawful=Count("reports", filter=Q(reports__reason=Report.Reason.UNLAWFUL)),
        newest=Max("reports__created_at"),
    ).order_by("-unlawful", "-newest", "-pk")
    return _work_list("reports", _("Reports"), f"{reverse('moderation')}?show=reported", reported, item)


def _held_comments() -> WorkList:
    def item(comment: Comment) -> Item:
        author = comment.author.username if comment.author else ""
        text = comment_excerpt(comment.body_html, EXCERPT)
        return Item(_("Held comment"), text, _case_url(comment), author, comment.posted_at)

    held = Comment.objects.filter(state=Comment.State.HELD).select_related("author").order_by("pk")
    url = f"{reverse('moderation')}?show=held"
    return _work_list("held-comments", _("Held comments"), url, held.only("body_html", "posted_at", "author"), item)


def _own_drafts(person: "User") -> WorkList:
    """Drafts with this person in the byline. What a colleague saved last is back with its author."""

    def item(article: Any) -> Item:
        by_colleague = article.saved_by not in (None, person.pk)
        notes = [f"{article.saved_by_name}: {article.saved_why}".rstrip(": ")] if by_colleague else []
        if article.misses_targets:
            notes.append(_("Missing link targets"))
        kind = _("Back with you") if by_colleague else _("Your draft")
        return _article_item(article, kind, " · ".join(notes), article.saved_at)

    drafts = _saved(Article.objects.filter(article_filters.own_drafts(person))).annotate(
        saved_by=Subquery(_revisions.values("by")[:1]),
        saved_by_name=Subquery(_revisions.values("by__username")[:1]),
        saved_why=Subquery(_revisions.values("reason")[:1]),
        misses_targets=Exists(Article.objects.filter(article_filters.missing_targets(), pk=OuterRef("pk"))),
    )
    return _work_list("mine", _("Your drafts"), _article_list("mine"), drafts, item)


def _review() -> WorkList:
    def item(article: Article) -> Item:
        words = ngettext("%(n)s word", "%(n)s words", article.word_count) % {"n": article.word_count}
        note = " · ".join(filter(None, (article.author_names, words)))
        return _article_item(article, _("To review"), note, article.saved_at)  # type: ignore[attr-defined]

    found = _saved(Article.objects.filter(article_filters.REVIEW)).prefetch_related(
        Prefetch("bylines", Byline.objects.select_related("author"))
    )
    return _work_list("review", _("In review"), _article_list("review"), found, item)


def _held_articles() -> WorkList:
    def item(article: Article) -> Item:
        return _article_item(article, _("Held by import"), excerpt(article.held_reason), article.created_at)

    held = Article.objects.filter(article_filters.HELD).order_by("-created_at", "-pk")
    held = held.only("headline", "language", "held_reason", "created_at")
    return _work_list("held", _("Held by import"), _article_list("held"), held, item)


def _saved(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Order by the last save, newest first."""
    articles = articles.only("headline", "language", "word_count")
    return articles.annotate(saved_at=Subquery(_revisions.values("created_at")[:1])).order_by("-saved_at", "-pk")


def _article_item(article: Article, kind: str, note: str, when: datetime) -> Item:
    return Item(kind, article.typographic_headline, _change_url(article.pk), note, when)


def _proposed_revisions() -> WorkList:
    def item(revision: Revision) -> Item:
        headline = typographic(revision.headline, revision.article.language)
        url = reverse("admin:articles_article_history", args=[revision.article_id])
        return Item(_("Revision to review"), headline, url, revision.reason, revision.created_at)

    proposed = Revision.objects.filter(state=Revision.State.PROPOSED).order_by("-pk").select_related("article")
    proposed = proposed.only("headline", "article__language", "reason", "created_at")
    return _work_list("waiting", _("Revisions"), _article_list("waiting"), proposed, item)


def _notes(person: "User") -> WorkList:
    """Unresolved notes: for editors all, for writers those at their own articles and where they wrote one."""

    def item(note: DeskNote) -> Item:
        by = note.by.username if note.by else _("deleted user")
        about = f"{by} · {note.article.typographic_headline}"
        kind = _("Your note") if note.by_id == person.pk else _("Note")
        return Item(kind, excerpt(note.text, EXCERPT), f"{_change_url(note.article_id)}#notes", about, note.made_at)

    notes = DeskNote.objects.filter(resolved_at=None).select_related("article", "by").order_by("-pk")
    notes = notes.only("text", "made_at", "by__username", "article__headline", "article__language")
    if not rules.may_publish(person):
        noted = DeskNote.objects.filter(by=person).values("article")
        notes = notes.filter(Q(article__in=Article.objects.filter(authors__user=person)) | Q(article__in=noted))
    return _work_list("notes", _("Notes"), _article_list("notes"), notes, item)


def _imports(person: "User") -> WorkList:
    def item(batch: ImportBatch) -> Item:
        number: int = batch.number  # type: ignore[attr-defined]
        files = ngettext("%(n)s file to check", "%(n)s files to check", number) % {"n": number}
        return Item(_("Import"), files, reverse("import_batch", args=[batch.pk]), "", batch.uploaded_at)

    batches = batches_of(person).filter(finished_at=None)
    return _work_list("imports", _("Imports"), reverse("import_articles"), batches, item)


def _topics() -> WorkList:
    url = f"{reverse('moderation')}?show=topics"

    def item(tagged: ArticleTopic) -> Item:
        return Item(_("Topic"), tagged.topic.name, url, tagged.article.typographic_headline, tagged.created_at)

    return _work_list("topics", _("Topics"), url, curating.awaiting_approval().order_by("-pk"), item)


def _links() -> WorkList:
    """Dead links first, since readers see them today; then missing targets."""
    dead = LinkTarget.objects.linked().filter(state=LinkTarget.State.DEAD).order_by("-checked_at", "-pk")
    items = [
        Item(_("Dead link"), one.url, target_page(one), one.get_cause_display(), one.failing_since)
        for one in dead[:SHOWN]
    ]
    filters = LinkFilters(MISSING)
    missing = missing_rows(filters, start=0, stop=SHOWN - len(items))
    items += [Item(_("Missing link"), row.text, row.url, _headline_of(row.article)) for row in missing]
    count = dead.count() + count_missing(filters)
    return WorkList("links", _("Links"), reverse("admin:articles_linktarget_changelist"), count, items)


def _pictures(person: "User") -> Iterable[WorkList]:
    def ending_item(picture: Picture) -> Item:
        url, sentence = _picture_url(picture), licence_sentence(picture)
        return Item(_("Licence"), str(picture), url, sentence, urgency=0 if picture.is_licensed else 1)

    def undescribed_item(picture: Picture) -> Item:
        caption = excerpt(picture.caption, EXCERPT)
        return Item(_("Alt text missing"), str(picture), _picture_url(picture), caption, picture.uploaded_at)

    pictures = Picture.objects.only("file_name", "caption", "licensed_until", "uploaded_at")
    if not rules.may_publish(person):  # See `rules.may_edit_picture`.
        seen = PicturePlacement.objects.exclude(article__status__in=rules.WRITERS_STATES)
        pictures = pictures.exclude(Exists(seen.filter(picture=OuterRef("pk"))))
    ending = pictures.filter(picture_filters.ending_licences()).order_by("licensed_until", "pk")
    undescribed = pictures.filter(picture_filters.UNDESCRIBED).order_by("-uploaded_at", "-pk")
    url = reverse("admin:articles_picture_changelist")
    yield _work_list("licences", _("Licences"), f"{url}?need=licence", ending, ending_item)
    yield _work_list("alt", _("Alt texts"), f"{url}?need=alt", undescribed, undescribed_item)


def _headline_of(article: Article | None) -> str:
    return article.typographic_headline if article else ""


def _article_list(state: str) -> str:
    return f"{reverse('admin:articles_article_changelist')}?state={state}"


def _picture_url(picture: Picture) -> str:
    return reverse("admin:articles_picture_change", args=[picture.pk])


def _change_url(article_id: int) -> str:
    return reverse("admin:articles_article_change", args=[article_id])


def _case_url(comment: Comment) -> str:
    return reverse("case", args=[comment.pk])
