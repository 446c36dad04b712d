"""Who speaks for the paper: badges on comments, and where the article's author answers."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.account_deletion import delete_account
from articles.accounts.models import User
from articles.accounts.usernames import validate_not_reserved
from articles.discussion import badges, comment_editing, comment_html, comment_withdrawing, moderating, sanctions
from articles.discussion.models import Comment
from articles.publishing.models import Article, Author
from articles.publishing.signals import byline_changed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return factories.make_reader("Ann")


@pytest.fixture
def article(writer: User) -> Article:
    author = Author.objects.create(name="Ann Lee", slug="ann-lee", user=writer)
    article = factories.make_article("The ferry stops")
    article.bylines.create(author=author)
    return article


def worn(comment: Comment, client: Client) -> str:
    """The badge that readers see on a comment, and that its row says: they must agree."""
    comment.refresh_from_db()
    page = client.get(comment.get_absolute_url()).content.decode()
    card = page.split(f'id="comment-{comment.pk}"')[1].split("</article>")[0]
    found = re.search(rf'<span class="badge {comment.badge or "[a-z]+"}">([^<]*)<', card)
    seen = found[1] if found else ""
    assert seen == (comment.get_badge_display() if comment.badge else "")
    return seen


def staff(*groups: str) -> User:
    person = factories.make_reader(is_staff=True)
    person.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in groups))
    return person


def test_the_author_wears_it_under_the_own_article_only(client: Client, article: Article, writer: User) -> None:
    assert worn(factories.make_comment(article, author=writer), client) == "Author"
    assert worn(factories.make_comment(author=writer), client) == ""
    assert worn(factories.make_comment(article), client) == ""


@pytest.mark.parametrize(
    ("groups", "badge"),
    [([], "Staff"), (["Writer"], "Staff"), (["Editor"], "Editor"), (["Moderator"], "Moderator"), (["Board"], "Staff")],
)
def test_those_who_run_the_paper_wear_their_part(client: Client, groups: list[str], badge: str) -> None:
    assert worn(factories.make_comment(author=staff(*groups)), client) == badge


def test_a_group_without_a_part_in_the_paper_gives_none(client: Client) -> None:
    reader = factories.make_reader()
    reader.groups.add(Group.objects.get(name="Editor"))  # Not staff: no way into the admin.
    assert worn(factories.make_comment(author=reader), client) == ""


def ban(person: User) -> None:
    sanctions.ban(reader=person, by=factories.make_owner(), grounds=factories.GROUNDS, reason="Abuse")


def leave_paper(person: User) -> None:
    delete_account(reader=person)


@pytest.mark.parametrize("end", [ban, leave_paper])
def test_who_is_banned_or_gone_wears_none(
    client: Client, article: Article, writer: User, end: Callable[[User], None]
) -> None:
    comment = factories.make_comment(article, author=writer)
    end(writer)
    assert worn(comment, client) == ""
    assert "The author has joined the discussion" not in client.get(article.get_absolute_url()).content.decode()


def test_the_badge_comes_back_when_a_ban_is_lifted(client: Client, article: Article, writer: User) -> None:
    comment = factories.make_comment(article, author=writer)
    ban(writer)
    sanctions.unban(reader=writer, by=factories.make_owner(), reason="Served")
    assert worn(comment, client) == "Author"


def test_an_edited_and_restored_comment_keeps_its_badge(client: Client, article: Article, writer: User) -> None:
    comment = factories.make_comment(article, author=writer)
    comment_editing.edit_comment(comment=comment, by=writer, body="Other words")
    assert worn(comment, client) == "Author"
    owner = factories.make_owner()
    moderating.hide(comment=comment, by=owner, grounds=factories.GROUNDS, reason="A slip")
    moderating.restore(comment=comment, by=owner, reason="A slip")
    assert worn(comment, client) == "Author"


# What changes later ----------------------------------------------------------------------------------------------


def test_a_changed_byline_changes_the_badges(client: Client, article: Article, writer: User) -> None:
    comment = factories.make_comment(article, author=writer)
    other = factories.make_reader()
    second = factories.make_comment(article, author=other)
    article.bylines.all().delete()
    article.bylines.create(author=Author.objects.create(name="Bo Ek", slug="bo-ek", user=other))
    byline_changed.send(sender=Article, article=article)
    assert (worn(comment, client), worn(second, client)) == ("", "Author")


def test_an_account_given_to_an_author_in_the_admin_puts_the_badge_on(client: Client) -> None:
    author = Author.objects.create(name="Bo Ek", slug="bo-ek")
    article = factories.make_article()
    article.bylines.create(author=author)
    comment = factories.make_comment(article)
    client.force_login(factories.make_owner())
    place = reverse("admin:articles_author_change", args=[author.pk])
    form = {"name": "Bo Ek", "slug": "bo-ek", "about": "", "user": factories.author_of(comment).username}
    assert client.post(place, form).status_code == 302
    assert worn(comment, client) == "Author"
    client.post(place, {**form, "user": ""})
    assert worn(comment, client) == ""


def test_powers_given_in_the_admin_put_the_badge_on_and_take_it_off(client: Client) -> None:
    comment = factories.make_comment()
    place = reverse("admin:articles_user_change", args=[factories.author_of(comment).pk])
    client.force_login(factories.make_owner())
    editors = Group.objects.get(name="Editor").pk
    steps: list[tuple[dict[str, object], str]] = [
        ({"is_active": "on", "is_staff": "on"}, "Staff"),
        ({"is_active": "on", "is_staff": "on", "groups": [editors]}, "Editor"),
        ({"is_active": "on", "groups": [editors]}, ""),
        ({"is_staff": "on"}, ""),
    ]
    for form, badge in steps:
        assert client.post(place, form).status_code == 302
        assert worn(comment, client) == badge


def test_the_work_is_bounded_however_much_somebody_wrote(article: Article, writer: User) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            factories.make_comment(article, author=writer)
        User.objects.filter(pk=writer.pk).update(is_active=False)
        with CaptureQueriesContext(connection) as captured:
            badges.role_changed(writer)
        User.objects.filter(pk=writer.pk).update(is_active=True)
        badges.role_changed(writer)
        return len(captured)

    assert queries(1) == queries(20)


def test_recount_mends_badges(client: Client, article: Article, writer: User) -> None:
    comment = factories.make_comment(article, author=writer)
    article.bylines.all().delete()  # Behind the paper's back.
    call_command("recount")
    assert worn(comment, client) == ""


# Names that would pretend ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("Editor", "editor", "EDlTOR", "Ed1tor", "еditоr", "staff", "St-aff", "Staff2", "editor.anna", "anna-staff"),
        *("the_moderator", "Moderator99", "author", "Auth0r", "editors-pick", "Verified", "mod"),
    ],
)
def test_a_name_does_not_speak_for_the_paper(name: str) -> None:
    with pytest.raises(ValidationError):
        validate_not_reserved(name)


@pytest.mark.parametrize("name", ["Ann", "editorial.cat", "stafford", "author.fan", "modest", "Pickwick"])
def test_a_name_that_only_sounds_like_it_is_free(name: str) -> None:
    validate_not_reserved(name)


# The author has joined the discussion ---------------------------------------------------------------------------------


def head_of(client: Client, article: Article) -> str:
    page = client.get(article.get_absolute_url()).content.decode()
    return page.split('id="talk-title"')[1].split('<ol class="thread"')[0]


def test_the_head_of_the_discussion_says_that_the_author_has_joined(
    client: Client, article: Article, writer: User
) -> None:
    asked = factories.make_comment(article, "When will it sail again?")
    assert "The author has joined the discussion" not in head_of(client, article)
    answer = factories.make_comment(parent=asked, author=writer, body="In spring, they say.")
    factories.make_comment(article, "Something else entirely")
    head = head_of(client, article)
    assert "The author has joined the discussion" in head
    assert "1 comment" in head
    page = client.get(reverse("author_replies", args=[article.pk])).content.decode()
    assert page.index("When will it sail") < page.index("In spring, they say.")
    assert "Something else entirely" not in page
    assert page.count(f'id="comment-{answer.pk}"') == 1


@pytest.mark.parametrize("how", ["hidden", "withdrawn"])
def test_a_removed_reply_counts_no_more(client: Client, article: Article, writer: User, how: str) -> None:
    answer = factories.make_comment(article, "Secret words", author=writer)
    if how == "hidden":
        moderating.hide(comment=answer, by=factories.make_owner(), grounds=factories.GROUNDS, reason="A slip")
    else:
        comment_withdrawing.withdraw_comment(comment=answer, by=writer)
    assert "The author has joined the discussion" not in head_of(client, article)
    page = client.get(reverse("author_replies", args=[article.pk])).content.decode()
    assert "Secret words" not in page
    assert "hasn’t posted" in page


def test_the_parent_of_an_author_reply_is_a_tombstone_when_it_was_hidden(
    client: Client, article: Article, writer: User
) -> None:
    asked = factories.make_comment(article, "An insult")
    factories.make_comment(parent=asked, author=writer, body="A calm answer")
    moderating.hide(comment=asked, by=factories.make_owner(), grounds=factories.GROUNDS, reason="An insult")
    page = client.get(reverse("author_replies", args=[article.pk])).content.decode()
    assert "A calm answer" in page
    assert "An insult" not in page


def test_author_replies_come_in_pages_and_none_is_lost(
    client: Client, article: Article, writer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.discussion.author_replies.REPLIES_PER_PAGE", 2)
    answers = [factories.make_comment(article, author=writer) for _ in range(5)]
    address, seen = reverse("author_replies", args=[article.pk]), list[int]()
    while address:
        page = client.get(address).content.decode()
        seen += [answer.pk for answer in answers if f'id="comment-{answer.pk}"' in page]
        address = (
            page.split('class="button quiet" href="')[1].split('"')[0] if "More comments by the author" in page else ""
        )
    assert seen == [answer.pk for answer in answers]


def test_author_replies_on_an_article_that_readers_do_not_see_are_not_found(client: Client) -> None:
    draft = factories.make_article(published=False)
    assert client.get(reverse("author_replies", args=[draft.pk])).status_code == 404


def test_the_author_replies_page_asks_the_same_number_of_queries(
    client: Client, article: Article, writer: User
) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            factories.make_comment(parent=factories.make_comment(article), author=writer)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("author_replies", args=[article.pk]))
        return len(captured)

    assert queries(1) == queries(10)


def test_a_new_reader_is_marked_as_of_when_they_wrote(client: Client, article: Article) -> None:
    now = timezone.now()
    new = factories.make_reader("Wilf", date_joined=now - timedelta(days=2))
    first = factories.make_comment(article, "Hello", author=new, at=now)
    html = client.get(article.get_absolute_url()).text
    assert html.count('<span class="badge new">New reader</span>') == 1
    factories.make_comment(article, "Still here", author=new, at=now + timedelta(days=2))
    assert comment_html.render(first).count("New reader") == 1  # It stays with what was written then.
    assert client.get(article.get_absolute_url()).text.count("New reader") == 1


def test_staff_and_what_is_older_than_its_account_are_not_marked_as_new(client: Client, article: Article) -> None:
    now = timezone.now()
    factories.make_comment(article, author=factories.make_reader("Ed", is_staff=True, date_joined=now))
    imported = factories.make_reader("Old", date_joined=now)
    factories.make_comment(article, author=imported, at=now - timedelta(days=1))
    assert "New reader" not in client.get(article.get_absolute_url()).text
