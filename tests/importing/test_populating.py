"""Generated content: as many as asked for, the same for the same seed, and as if people had written it."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import comment_html
from articles.discussion.models import Comment, Passage, Recommendation
from articles.importing import populating
from articles.models import Article, CommentDocument, Revision, SearchDocument
from articles.publishing import saving
from articles.search.index import build_document
from articles.web.page_versions import SITE, PageVersion
from tests.factories import make_comment, make_owner, make_reader

NUMBERS = {"articles": 30, "comments": 400, "readers": 40, "seed": 7, "year": 2024}
PLAN = populating.Plan(
    articles=12, comments=150, readers=20, seed=3, first_day=date(2024, 1, 1), last_day=date(2026, 1, 1)
)


def run(name: str, **options: Any) -> str:
    output = StringIO()
    call_command(name, stdout=output, **options)
    return output.getvalue()


def contents() -> list[list[Any]]:
    """What is in the tables, without ids, which differ where rows were deleted before."""
    return [
        list(Article.objects.order_by("pk").values_list("headline", "slug", "body", "dated_at", "comment_count")),
        list(Comment.objects.order_by("pk").values_list("body", "posted_at", "author__username", "depth", "token")),
        list(Recommendation.objects.order_by("pk").values_list("reader__username", "created_at")),
        list(Revision.objects.order_by("pk").values_list("number", "edition", "public_at", "words_added")),
    ]


@pytest.mark.django_db(transaction=True)
def test_there_are_as_many_as_asked_for_and_all_counts_are_right(client: Client) -> None:
    run("populate", **NUMBERS)
    assert Article.objects.visible_to(make_owner()).count() == 30
    assert Comment.objects.public().count() == CommentDocument.objects.count() == 400
    assert User.objects.filter(email="").exclude(is_superuser=True).count() == 40
    assert run("recount") == "All counts are correct.\n"
    assert Comment.objects.filter(depth__gt=2).exists()
    assert Passage.objects.exists()
    assert Recommendation.objects.exists()
    assert PageVersion.objects.filter(page=SITE).exists()
    busiest = Article.objects.order_by("-comment_count")[0]
    assert busiest.comment_count > 30
    page = client.get(busiest.get_absolute_url())
    assert page.status_code == 200
    assert page.text.count('class="comment-body"') > 30
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_rows_are_what_saving_and_posting_would_have_written() -> None:
    assert list(populating.populate(PLAN))
    for comment in Comment.objects.exclude(html_version=0).select_related("author", "article"):
        assert comment.html == comment_html.render(comment)
        assert comment.html_version == comment_html.current_version()
    for article in Article.objects.all():
        fields = ("headline_key", "body_html", "sort_at", "word_count")
        before = [getattr(article, name) for name in fields]
        document = SearchDocument.objects.get(article=article)
        assert {name: getattr(document, name) for name in build_document(article)} == build_document(article)
        latest = article.revisions.latest("number")
        revision = saving.save_article(article, by=None)
        assert revision.edition is None
        assert (revision.body, revision.companions) == (latest.body, latest.companions)
        assert [getattr(article, name) for name in fields] == before


@pytest.mark.django_db
def test_new_rows_have_ids_of_their_own_afterwards() -> None:
    assert list(populating.populate(PLAN))
    Article.objects.update(comments_kept_open=True)
    article = Article.objects.earliest("pk")
    comment = make_comment(article, author=make_reader())
    assert comment.pk == max(Comment.objects.values_list("pk", flat=True))
    saving.save_article(Article(headline="News", body="New.", dated=date(2026, 1, 1)), by=None)


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_gives_the_same_and_another_gives_another() -> None:
    found = []
    for seed in (7, 7, 8):
        run("populate", **NUMBERS | {"seed": seed})
        found.append(contents())
        call_command("flush", interactive=False, verbosity=0)
    assert found[0] == found[1]
    assert all(first != second for first, second in zip(found[1], found[2], strict=True))


@pytest.mark.django_db(transaction=True)
def test_what_was_interrupted_is_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(populating, "ARTICLES_AT_ONCE", 5)
    assert list(populating.populate(PLAN))
    whole = contents()
    call_command("flush", interactive=False, verbosity=0)
    interrupted = populating.populate(PLAN)
    for _batch in range(2):
        next(interrupted)
    interrupted.close()
    assert Article.objects.count() == 5
    assert list(populating.populate(PLAN))
    assert contents() == whole
    assert [progress.rows for progress in populating.populate(PLAN)] == [0]


@pytest.mark.django_db(transaction=True)
def test_another_plan_in_the_same_site_is_refused() -> None:
    run("populate", articles=2, comments=5, readers=3)
    with pytest.raises(CommandError, match="populated with other numbers"):
        run("populate", articles=3, comments=5, readers=3)


@pytest.mark.django_db(transaction=True)
def test_a_site_with_real_readers_stays_as_it_is_unless_told(settings: Any) -> None:
    make_owner()
    run("populate", articles=2, comments=5, readers=3)
    make_reader("Ana", email="ana@paper.example")
    with pytest.raises(CommandError, match="real readers"):
        run("populate", articles=2, comments=5, readers=3)
    run("populate", articles=2, comments=5, readers=3, among_real_readers=True)
    User.objects.filter(username="Ana").delete()
    settings.PUBLIC = True
    with pytest.raises(CommandError, match="public"):
        run("populate", articles=2, comments=5, readers=3)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_dated_ahead() -> None:
    run("populate", articles=5, comments=60, readers=5)
    today = timezone.localdate()
    assert max(Comment.objects.values_list("posted_at", flat=True)) < timezone.now()
    assert not Article.objects.filter(dated__gte=today)
    with pytest.raises(CommandError, match="earlier year"):
        run("populate", articles=5, comments=5, readers=5, year=today.year + 1)


@pytest.mark.django_db(transaction=True)
def test_comments_need_articles_and_readers() -> None:
    for numbers in ({"articles": 0, "readers": 3}, {"articles": 3, "readers": 0}):
        with pytest.raises(CommandError, match="need articles and readers"):
            run("populate", comments=5, **numbers)
    run("populate", articles=3, comments=0, readers=0)
    assert (Article.objects.count(), Comment.objects.count()) == (3, 0)


def test_comments_are_spread_with_a_heavy_tail() -> None:
    plan = populating.Plan(
        articles=1000, comments=64_000, readers=0, seed=1, first_day=date(2006, 1, 1), last_day=date(2026, 1, 1)
    )
    sizes = sorted(populating.comments_of_articles(plan))
    assert sum(sizes) == 64_000
    assert sizes[500] < 64 and sizes[-1] > 1000
    assert sizes[100] == 0
