"""Sample content: add it to an empty site, and remove what nobody has commented on or edited."""

import tomllib
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts import account_deletion, roles
from articles.accounts.models import User
from articles.discussion import comment_counts, comment_editing, comment_withdrawing, moderating, posting
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment, Recommendation
from articles.discussion.passages.passage_selection import Selection, selection_in
from articles.errors import Refused
from articles.importing.file_import import NamedContent, import_files
from articles.importing.formats.file_parsing import MARKDOWN
from articles.notifications import fanout
from articles.pictures import editing, uploading
from articles.pictures.metadata import MadeWith
from articles.pictures.models import Picture, Rights
from articles.publishing import publishing, saving
from articles.publishing.community_rules import current_clauses
from articles.publishing.models import Article, Author, Byline, PicturePlacement, Revision, Section
from articles.text.slugs import make_slug, name_key
from articles.topics import tagging
from articles.topics.models import Topic

FOLDER = Path(__file__).with_suffix("")
NAME_PREFIX = "sample/"  # Prefix of the imported files' names, by which the sample is found again.
DATE_PLACEHOLDER = "\nDATE\n"
JOINED_BEFORE = timedelta(days=200)  # So that the sample's readers don't look like new members.
TIME_SHOWN_FOR = timedelta(hours=48)  # Newer articles have a time, older ones only a date, as on a real site.


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """One article of paper.toml."""

    hours: float | None = None
    section: str = ""
    byline: str = ""
    topics: list[str] = field(default_factory=list)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    draft: bool = False
    changes: list[dict[str, Any]] = field(default_factory=list)
    """Later edits: `old` text and `new` text, `hours` after publication, with a `note` for readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePicture:
    """One picture of pictures.toml. `after` is how the paragraph begins that it follows."""

    article: str
    role: str
    alt: str
    caption: str
    credit: str
    after: str = ""
    focal: tuple[int, int] = (50, 50)
    usage_terms: str = ""
    licensed_until: date | None = None


@dataclass(frozen=True, slots=True)
class SampleComment:
    """One comment of threads.toml."""

    depth: int
    reader: str
    minutes: int
    recommended: int
    text: str
    later: str = ""

    def happened(self, what: str) -> str | None:
        """Return the text after “hidden:”, “edited:” or “to:”, if that is what happened."""
        return self.later.removeprefix(f"{what}:").strip() if self.later.startswith(what) else None


@dataclass(frozen=True, slots=True)
class Removed:
    articles: int
    kept: list[str]
    """Headlines of articles that were kept, since people have commented on or edited them."""


def write_sample() -> int:
    """Add the sample content in a transaction. Return the number of articles.

    Raises:
        Refused: The site has articles already, or an account has the name of one of the sample's readers.
    """
    paper = _load("paper.toml")
    pieces = {name: SampleArticle(**told) for name, told in paper["articles"].items()}
    with transaction.atomic(), fanout.suppressed():
        if Article.objects.exists():
            raise Refused(_("Sample content can only be added to an empty site. This site has articles."))
        now = timezone.now()
        readers = _make_readers(paper, now)
        editor = _make_sections_and_authors(paper, readers)
        articles = _make_articles(pieces, now, editor)
        for name, said in _load("threads.toml").items():
            _make_thread(articles[name], [SampleComment(*line) for line in said], readers, editor)
        for name, piece in pieces.items():
            _change(articles[name], piece)
            _make_topics(articles[name], piece, readers, editor)
        return len(articles)


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


def _make_readers(paper: dict[str, Any], now: datetime) -> dict[str, User]:
    """Create readers without email address and password: nobody can sign in as one of them."""
    told = {**paper["readers"], _editor_name(paper): ""}
    if taken := User.objects.filter(name_key__in=map(name_key, told)).first():
        raise Refused(
            _("The name %(name)s is used by the sample content, and this site already has an account with it.")
            % {"name": taken.username}
        )
    return {
        name: User.objects.create_user(username=name, about=about, date_joined=now - JOINED_BEFORE)
        for name, about in told.items()
    }


def _editor_name(paper: dict[str, Any]) -> str:
    return str(next(iter(paper["authors"]))).replace(" ", ".")


def _make_sections_and_authors(paper: dict[str, Any], readers: dict[str, User]) -> User:
    """Create sections and authors. Return the editor, who is also the first author."""
    editor = readers[_editor_name(paper)]
    editor.groups.set(Group.objects.filter(name__in=[roles.EDITOR, roles.MODERATOR]))
    for order, name in enumerate(paper["sections"]):
        Section.objects.update_or_create(name=name, defaults={"slug": make_slug(name), "order": order})
    for order, (name, about) in enumerate(paper["authors"].items()):
        Author.objects.create(name=name, slug=make_slug(name), about=about, user=None if order else editor)
    return editor


def _make_articles(pieces: dict[str, SampleArticle], now: datetime, editor: User) -> dict[str, Article]:
    """Import the articles in one batch, oldest first, as they were published, and add their pictures."""
    pictures = _upload_pictures(pieces, editor)
    oldest_first = sorted(pieces.items(), key=lambda named: -(named[1].hours or 1e9))
    files = [_file(name, piece, now) for name, piece in oldest_first]
    articles = {}
    for (name, piece), outcome in zip(oldest_first, import_files(files), strict=True):
        if outcome.article is None or (outcome.held and not piece.draft):
            raise RuntimeError(f"{outcome.name}: {outcome.reason or outcome.held}")
        if own := [(told, picture) for told, picture in pictures if told.article == name]:
            _place_pictures(outcome.article, own)
        articles[name] = _publish(outcome.article, piece, now)
    return articles


def _file(name: str, piece: SampleArticle, now: datetime) -> NamedContent:
    """Return the file with its date filled in."""
    path = next(path for path in FOLDER.glob(f"{name}.*"))
    text = path.read_text("utf-8")
    if piece.hours is not None:
        came_out = timezone.localtime(now - timedelta(hours=piece.hours))
        if path.suffix not in MARKDOWN:
            date = f"{came_out:%d/%m/%Y}"
        elif now - came_out < TIME_SHOWN_FOR:
            date = f"{came_out:%Y-%m-%d %H:%M}"
        else:
            date = f"{came_out:%Y-%m-%d}"
        text = text.replace(DATE_PLACEHOLDER, f"\n{date}\n", 1)
    return NAME_PREFIX + path.name, text.encode()


def _upload_pictures(pieces: Container[str], editor: User) -> list[tuple[SamplePicture, Picture]]:
    """Upload the pictures of these articles in the order of pictures.toml, which begins with the front page's lead.

    After the first start the worker makes their renditions in this order, three seconds of CPU each. Pages lack
    pictures until then.
    """
    pictures = {stem: SamplePicture(**told) for stem, told in _load("pictures.toml").items()}
    return [(told, _upload(f"{stem}.webp", told, editor)) for stem, told in pictures.items() if told.article in pieces]


def _place_pictures(article: Article, pictures: list[tuple[SamplePicture, Picture]]) -> None:
    blocks = list(article.blocks.all())
    for order, (told, picture) in enumerate(pictures):
        PicturePlacement.objects.create(
            article=article,
            picture=picture,
            role=told.role,
            after=next(block for block in blocks if block.source.startswith(told.after)) if told.after else None,
            order=order,
        )
    saving.save_article(article, by=None)


def _upload(file_name: str, told: SamplePicture, editor: User) -> Picture:
    """Store a picture. If the transaction fails, the file belongs to no row and is collected as an orphan."""
    with (FOLDER / "pictures" / file_name).open("rb") as file:
        picture, is_new = uploading.upload(file, file_name, by=editor)
    if is_new:  # Otherwise somebody has uploaded it, and said their own of it.
        Picture.objects.filter(pk=picture.pk).update(
            alt=told.alt,
            caption=told.caption,
            credit=told.credit,
            made_with=MadeWith.ILLUSTRATION,
            rights=Rights.STAFF,
            usage_terms=told.usage_terms,
            licensed_until=told.licensed_until,
            focal_x=told.focal[0],
            focal_y=told.focal[1],
        )
    return picture


def _publish(article: Article, piece: SampleArticle, now: datetime) -> Article:
    if piece.section:
        article.section = Section.objects.get(name=piece.section)
        article.save(update_fields=["section"])
    if piece.byline:
        Byline.objects.create(article=article, author=Author.objects.get(name=piece.byline))
    if piece.draft:
        return article
    if piece.hours is not None:
        at = now - timedelta(hours=piece.hours)
    else:
        assert article.dated is not None  # Undated ones are held.
        at = timezone.make_aware(datetime.combine(article.dated, datetime.min.time()))
    return publishing.publish(article, by=None, at=at)


def _change(article: Article, piece: SampleArticle) -> None:
    for change in piece.changes:
        article = Article.objects.get(pk=article.pk)
        assert article.go_live_at is not None  # Drafts have no changes that readers could have seen.
        article.body = article.body.replace(change["old"], change["new"], 1)
        saving.write_text(article)
        kept = saving.record_revision(
            article, by=None, note=change.get("note", ""), corrects=change.get("corrects", False)
        )
        moment = article.go_live_at + timedelta(hours=change["hours"])
        Revision.objects.filter(pk=kept.pk).update(public_at=moment)
        kept.corrections.update(made_at=moment)
        if not kept.minor:
            Article.objects.filter(pk=article.pk).update(updated_at=moment)


# Comments -------------------------------------------------------------------------------------------------------------


def _make_thread(article: Article, said: list[SampleComment], readers: dict[str, User], editor: User) -> None:
    assert article.go_live_at is not None  # Only published articles have threads.
    version = article.revisions.seen().first()
    posted: dict[int, Comment] = {}
    # By time, not in reading order: a later comment has a higher id.
    for number, parent in sorted(_with_parents(said), key=lambda pair: said[pair[0]].minutes):
        line = said[number]
        at = article.go_live_at + timedelta(minutes=line.minutes)
        posted[number] = _post(article, line, readers[line.reader], posted.get(parent), version, at)
    for number, comment in posted.items():
        _recommend(comment, said[number], number, list(readers.values()))
        if said[number].later == "withdrawn":
            comment_withdrawing.withdraw_comment(comment=comment, by=readers[said[number].reader])
        elif hidden := said[number].happened("hidden"):
            rule, _dot, reason = hidden.partition(". ")
            grounds = Grounds(clause=current_clauses().get(number=rule))
            moderating.hide(comment=comment, by=editor, reason=reason, grounds=grounds)


def _with_parents(said: list[SampleComment]) -> Iterator[tuple[int, int]]:
    """Yield each comment's index with that of its parent, -1 for none."""
    branch: list[int] = []
    for number, line in enumerate(said):
        del branch[line.depth :]
        yield number, branch[-1] if branch else -1
        branch.append(number)


def _post(
    article: Article, line: SampleComment, reader: User, parent: Comment | None, version: Revision | None, at: datetime
) -> Comment:
    former = line.happened("edited")
    comment = posting.post_comment(
        article=article,
        author=reader,
        body=former or line.text,
        token=uuid4(),
        parent=parent,
        read_revision=version,
        passage=_passage(article, version, words) if (words := line.happened("to")) else None,
        at=at,
    )
    if former:
        comment = comment_editing.edit_comment(comment=comment, by=reader, body=line.text, at=at + timedelta(minutes=4))
    return comment


def _passage(article: Article, version: Revision | None, words: str) -> Selection:
    assert version is not None  # Only published articles have threads.
    for number in range(article.blocks.count()):
        excerpt = selection_in(article, version.number, number, words=words)
        if excerpt is not None and not excerpt.whole:
            return excerpt
    raise ValueError(f"nowhere in “{article}”: {words}")


def _recommend(comment: Comment, line: SampleComment, number: int, readers: list[User]) -> None:
    """Recommend by the next readers in a fixed order, so that the result is the same each time. Counted once."""
    others = [reader for reader in readers if reader.username != line.reader]
    start = 5 * number % len(others)
    chosen = (others[start:] + others[:start])[: line.recommended]
    if chosen:
        Recommendation.objects.bulk_create(Recommendation(comment=comment, reader=reader) for reader in chosen)
        comment_counts.recount_comment(comment.pk)


def _make_topics(article: Article, piece: SampleArticle, readers: dict[str, User], editor: User) -> None:
    for name in piece.topics:
        tagging.tag(article, name, by=editor)
    for name, agreeing in piece.waiting.items():
        for reader in agreeing:
            tagging.tag(article, name, by=readers[reader])


def exists() -> bool:
    return Article.objects.filter(imported_files__name__startswith=NAME_PREFIX).exists()


# Removal -------------------------------------------------------------------------------------------------------


def remove_sample() -> Removed:
    """Remove the sample content, except articles that people have commented on or edited."""
    paper = _load("paper.toml")
    names = [*paper["readers"], _editor_name(paper)]
    with transaction.atomic():
        readers = [user for user in User.objects.filter(username__in=names, email="") if not user.has_usable_password()]
        edited = Revision.objects.filter(article=OuterRef("pk"), by__isnull=False)
        talk = Comment.objects.filter(article=OuterRef("pk")).exclude(author__in=readers)
        ours = Article.objects.filter(imported_files__name__startswith=NAME_PREFIX).distinct()
        kept = list(ours.filter(Exists(edited) | Exists(talk)))
        going = set(ours.values_list("pk", flat=True)) - {article.pk for article in kept}
        _delete(Article.objects.filter(pk__in=going))
        # All of the editor's are the sample's: nobody can sign in with that account.
        for picture in Picture.objects.filter(uploaded_by__in=readers, placements=None):
            editing.delete_picture(picture)
        Topic.objects.filter(created_by__in=readers, article_topics=None).delete()
        Author.objects.filter(name__in=paper["authors"], bylines=None).delete()
        Section.objects.filter(name__in=paper["sections"], article=None).delete()
        for reader in readers:
            if not reader.comments.exists():  # Readers with comments left keep their accounts.
                account_deletion.delete_account(reader=reader)
        return Removed(len(going), [article.headline for article in kept])


def _delete(articles: QuerySet[Article]) -> None:
    comments = Comment.objects.filter(article__in=articles)
    comments.update(parent=None, root=None, depth=0)  # A comment protects its parent.
    comments.delete()
    articles.delete()
