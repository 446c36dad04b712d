"""Factories for test data. Pass only what the test is about."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Permission
from django.utils import timezone
from PIL import Image

from articles.accounts.models import User
from articles.discussion import posting
from articles.discussion.grounds import Grounds
from articles.discussion.models import Comment
from articles.pictures.models import Picture
from articles.pictures.preparing import prepare, queue_renditions
from articles.pictures.renditions import CROPS, LARGEST, WIDTHS, crop_box, widths_for
from articles.pictures.uploading import upload
from articles.publishing import saving
from articles.publishing.companions import Companions
from articles.publishing.models import Article, Author
from articles.text.slugs import make_slug
from articles.topics.models import Topic

PASSWORD = "correct horse battery"
JOINED_BEFORE = timedelta(days=30)  # Readers are members, unless a test is about new ones.

GROUNDS = Grounds(law="The law on insults")  # For actions of which the grounds don't matter to the test.

_numbers = count(1)


def make_reader(
    username: str = "", *, email: str = "", permissions: Sequence[str] = (), password: str = PASSWORD, **fields: Any
) -> User:
    """Create a reader with a password. With `permissions`, such as "articles.publish_article", the reader is staff."""
    username = username or f"reader{next(_numbers)}"
    fields.setdefault("is_staff", bool(permissions))
    fields.setdefault("date_joined", timezone.now() - JOINED_BEFORE)
    reader = User.objects.create_user(
        username=username, email=email or f"{username.lower()}@paper.example", password=password, **fields
    )
    for permission in permissions:
        app, _, codename = permission.partition(".")
        reader.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return reader


def make_owner(username: str = "") -> User:
    return make_reader(username or f"owner{next(_numbers)}", is_staff=True, is_superuser=True)


def make_article(
    headline: str = "",
    body: str = "The first paragraph.\n\nThe second paragraph.",
    *,
    published: bool = True,
    at: datetime | None = None,
    by: User | None = None,
    companions: Companions | None = None,
    authors: Sequence[str] = (),
    **fields: Any,
) -> Article:
    """Create an article, published by default; `at` is its publication time, `authors` are names."""
    number = next(_numbers)
    fields.setdefault("dated", date(2026, 3, 1) if at is None else timezone.localtime(at).date())
    article = Article(headline=headline or f"Headline number {number}", body=body, **fields)
    if published:
        article.status, article.go_live_at = Article.Status.LIVE, at or timezone.now()
    saving.save_article(article, by=by, companions=companions)
    for order, name in enumerate(authors):
        author, _ = Author.objects.get_or_create(name=name, defaults={"slug": make_slug(name)})
        article.bylines.create(author=author, order=order)
    return article


def make_picture(width: int = 1500, height: int = 1000, *, ready: bool = True, **fields: Any) -> Picture:
    """Create a picture with what its renditions would be, without files."""
    number = next(_numbers)
    digest = f"{number:064x}"
    words = {"alt": f"Alt text {number}", "caption": f"Caption {number}", "creator": "Jo Hart"}
    fields = {"file_name": f"{number}.jpeg"} | words | fields
    if ready:
        fields.setdefault("folder", digest[-32:])
        fields["renditions"] = [
            {"crop": crop, "width": size, "height": round(size * (bottom - top) / (right - left)), "bytes": {}}
            for crop, ratio in CROPS.items()
            for left, top, right, bottom in [crop_box(width, height, ratio, (0.5, 0.5))]
            for size in widths_for(right - left, LARGEST.get(crop, WIDTHS[-1]))
        ]
    return Picture.objects.create(
        sha256=digest,
        original=f"originals/{digest}.jpeg",
        size=1000,
        width=width,
        height=height,
        **fields,
    )


def make_topic(name: str = "", **fields: Any) -> Topic:
    name = name or f"Topic {next(_numbers)}"
    return Topic.objects.create(name=name, slug=make_slug(name), **fields)


def upload_picture(
    name: str = "harbour.jpg",
    *,
    by: User | None = None,
    size: tuple[int, int] = (60, 40),
    ready: bool = True,
    **fields: Any,
) -> Picture:
    """Upload a picture of one colour, by default with alt text. With `ready`, its renditions are made too."""
    picture, _is_new = upload(picture_file(size), name, by=by or make_reader())
    Picture.objects.filter(pk=picture.pk).update(**{"alt": "Boats in the harbour", **fields})
    if ready:
        prepare.call(picture.pk)
    return Picture.objects.get(pk=picture.pk)


def new_crops(picture: Picture) -> None:
    """Make the renditions of an uploaded picture again, in another folder."""
    queue_renditions(picture)
    prepare.call(picture.pk)


def picture_file(size: tuple[int, int] = (60, 40)) -> BytesIO:
    """Return a JPEG that differs from all others."""
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG", comment=f"Number {next(_numbers)}")
    file.seek(0)
    return file


def make_comment(
    article: Article | None = None,
    body: str = "",
    *,
    author: User | None = None,
    parent: Comment | None = None,
    at: datetime | None = None,
) -> Comment:
    """Post a comment, by default now. Rate limits are not checked."""
    if article is None:
        article = parent.article if parent else make_article()
    return posting.post_comment(
        article=article,
        author=author or make_reader(),
        body=body or f"Comment number {next(_numbers)}",
        token=uuid4(),
        parent=parent,
        at=at or timezone.now(),
    )


def author_of(comment: Comment) -> User:
    assert comment.author is not None
    return comment.author
