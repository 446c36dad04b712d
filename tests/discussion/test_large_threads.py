"""Discussions written in bulk, as the benchmarks and the browser tests need them: true in every number."""

from io import StringIO
from statistics import median

import pytest
from django.core.management import call_command
from django.test import Client

from articles.discussion import comment_html
from articles.discussion.models import Comment
from tests.corpus import MAX_DEPTH, write_discussion
from tests.factories import make_article, make_comment, make_reader

pytestmark = pytest.mark.django_db


def test_a_discussion_written_in_bulk_is_as_the_actions_would_have_made_it(client: Client) -> None:
    elsewhere = make_comment()
    article, readers = make_article(), [make_reader() for _ in range(8)]
    said = write_discussion(article, readers, 400)
    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue() == "All counts are correct.\n"
    comments = list(Comment.objects.filter(article=article).select_related("author", "article"))
    assert [comment.pk for comment in sorted(comments, key=lambda comment: comment.pk)] == said
    assert all(comment.html == comment_html.render(comment) for comment in comments)
    assert 5 < max(comment.depth for comment in comments) < MAX_DEPTH
    assert 150 < median(len(comment.body) for comment in comments) < 500
    assert client.get(article.get_absolute_url()).status_code == 200
    # What is posted afterwards gets a number of its own.
    assert make_comment(article).pk > said[-1] > elsewhere.pk
