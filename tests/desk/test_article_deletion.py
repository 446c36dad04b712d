"""Deleting an article in the admin, with everything that belongs to it."""

from uuid import uuid4

import pytest
from django.db.models import RestrictedError
from django.test import Client
from django.urls import reverse

from articles.discussion import comment_counts, picking, recommending, reporting
from articles.discussion.models import Comment, ModerationAction
from articles.notifications import unread_counts
from articles.notifications.models import Notification
from articles.publishing.models import Article, Block
from articles.search.models import SearchDocument
from tests.factories import author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db


def address(article: Article) -> str:
    return reverse("admin:articles_article_delete", args=[article.pk])


@pytest.fixture
def owners(client: Client) -> Client:
    client.force_login(make_owner())
    return client


def test_an_article_is_deleted_with_its_discussion_and_leaves_nothing_behind(owners: Client) -> None:
    article, other = make_article(), make_article()
    root = make_comment(article)
    reply = make_comment(parent=root)
    below = make_comment(parent=reply, author=author_of(root))
    elsewhere = make_comment(other)
    recommending.recommend(comment=reply, by=make_reader())
    reporting.report_comment(comment=below, by=make_reader(), reason="spam")
    picking.pick(comment=root, by=make_owner(), reason="Good")
    page = owners.get(address(article)).content.decode()
    assert "comments: 3" in page.lower() and "cannot" not in page.lower()
    assert owners.post(address(article), {"post": "yes"}).status_code == 302
    assert list(Article.objects.all()) == [other]
    assert list(Comment.objects.all()) == [elsewhere]
    assert not Block.objects.filter(article_id=article.pk).exists()
    assert not SearchDocument.objects.filter(article_id=article.pk).exists()
    assert ModerationAction.objects.get().comment is None  # The log outlives the comment.
    assert comment_counts.recount() == []


def test_notified_readers_have_no_unread_notification_of_it(owners: Client) -> None:
    root = make_comment()
    make_comment(parent=root)
    assert Notification.objects.filter(reader=author_of(root)).exists()
    owners.post(address(root.article), {"post": "yes"})
    assert not Notification.objects.exists()
    assert unread_counts.recount_all() == []


def test_a_deep_discussion_is_deleted_as_well(owners: Client) -> None:
    root = make_comment()
    parent = root
    rows = []
    for depth in range(1, 1500):
        parent = Comment(
            pk=root.pk + depth, article=root.article, author=root.author, parent_id=parent.pk, root=root, depth=depth,
            body="Deeper", body_html="<p>Deeper</p>", posted_at=root.posted_at, token=uuid4(),
        )  # fmt: skip
        rows.append(parent)
    Comment.objects.bulk_create(rows, batch_size=500)
    page = owners.get(address(root.article)).content.decode()
    assert "comments: 1500" in page.lower() and page.count("#") < 100
    owners.post(address(root.article), {"post": "yes"})
    assert not Comment.objects.exists() and not Article.objects.exists()


def test_editors_may_not_delete(client: Client) -> None:
    article = make_article()
    client.force_login(make_reader(permissions=["articles.change_article", "articles.publish_article"]))
    assert client.post(address(article), {"post": "yes"}).status_code == 403
    assert Article.objects.exists()


def test_a_comment_with_replies_cannot_be_deleted_alone() -> None:
    root = make_comment()
    make_comment(parent=root)
    with pytest.raises(RestrictedError):
        root.delete()
