"""Words of a comment in the article: asked for, lent, taken back, and never seen where they may not be."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.account_deletion import delete_account
from articles.accounts.data_export import collect
from articles.accounts.models import User
from articles.discussion import (
    comment_counts,
    comment_editing,
    comment_withdrawing,
    moderating,
    quote_requests,
    signals,
)
from articles.discussion.models import Comment, ModerationAction, QuoteRequest
from articles.errors import Refused
from articles.publishing import revisions, saving
from articles.publishing.layout import insert_after_blocks
from articles.publishing.models import Article, Author
from articles.text.quotations import own_text
from tests.factories import GROUNDS, author_of, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

WORDS = "the ferry carried my grandmother"
BODY = "The first paragraph.\n\nThe second paragraph.\n\nThe third paragraph."


@pytest.fixture
def article() -> Article:
    return make_article("A bridge for the ferry", BODY)


@pytest.fixture
def comment(article: Article) -> Comment:
    return make_comment(article, f"In 1931 {WORDS}, and “nobody” paid.")


@pytest.fixture
def editor() -> User:
    return member_of("Editor")


def member_of(group: str) -> User:
    person = make_reader(is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


def ask(comment: Comment, by: User, words: str = WORDS, *, after: int = 0) -> QuoteRequest:
    block = comment.article.blocks.get(position=after)
    return quote_requests.request_quote(comment=comment, words=words, after=block, by=by, reason="Adds to the article")


def lend(comment: Comment, by: User, *, after: int = 0) -> QuoteRequest:
    ask(comment, by, after=after)
    return quote_requests.decide(comment=comment, by=author_of(comment), agrees=True)


def story(article: Article) -> str:
    """The article's own text on its page as a stranger gets it."""
    page = Client().get(article.get_absolute_url()).content.decode()
    return page.partition('<div class="text"')[2].partition("</article>")[0]


def quoted(article: Article) -> bool:
    return WORDS in story(article)


def test_words_stand_in_the_article_only_after_their_author_agreed(
    article: Article, comment: Comment, editor: User
) -> None:
    ask(comment, editor)
    assert not quoted(article)
    quote_requests.decide(comment=comment, by=author_of(comment), agrees=True)
    text = story(article)
    assert text.index("first paragraph") < text.index(WORDS) < text.index("second paragraph")
    assert author_of(comment).username in text and f'href="{comment.get_absolute_url()}"' in text


def test_who_declines_is_not_quoted_and_can_be_asked_again(article: Article, comment: Comment, editor: User) -> None:
    ask(comment, editor)
    assert quote_requests.decide(comment=comment, by=author_of(comment), agrees=False).state == "declined"
    assert not quoted(article)
    lend(comment, editor)
    assert quoted(article)


def taken_back(comment: Comment) -> None:
    quote_requests.decide(comment=comment, by=author_of(comment), agrees=False)


def taken_out(comment: Comment) -> None:
    quote_requests.revoke(comment=comment, by=member_of("Editor"), reason="Enough")


def hidden(comment: Comment) -> None:
    moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="An insult")


def withdrawn(comment: Comment) -> None:
    comment_withdrawing.withdraw_comment(comment=comment, by=author_of(comment))


def edited(comment: Comment) -> None:
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body="The ferry carried nobody.")


def gone_with_the_account(comment: Comment) -> None:
    delete_account(reader=author_of(comment))


ENDS = [taken_back, taken_out, hidden, withdrawn, edited, gone_with_the_account]


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_a_quote_takes_the_words_out_at_once(
    article: Article, comment: Comment, editor: User, end: Callable[[Comment], None]
) -> None:
    lend(comment, editor)
    assert quoted(article)
    end(comment)
    assert not quoted(article)
    assert not QuoteRequest.objects.open().exists()
    assert comment_counts.recount() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [taken_back, hidden])
def test_no_page_that_is_kept_outlives_a_quote(
    article: Article, comment: Comment, end: Callable[[Comment], None]
) -> None:
    lend(comment, member_of("Editor"))
    first = Client().get(article.get_absolute_url())
    assert WORDS in story(article)
    end(comment)
    again = Client().get(article.get_absolute_url(), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200 and not quoted(article)


@pytest.mark.parametrize("end", [taken_back, hidden, withdrawn, edited])
def test_a_request_ends_as_a_quote_does(comment: Comment, editor: User, end: Callable[[Comment], None]) -> None:
    ask(comment, editor)
    end(comment)
    assert not QuoteRequest.objects.open().exists()
    assert not quote_requests.pending_for(author_of(comment))


def test_a_hidden_comment_that_is_restored_lends_nothing(article: Article, comment: Comment, editor: User) -> None:
    lend(comment, editor)
    hidden(comment)
    moderating.restore(comment=comment, by=make_owner(), reason="It was none")
    assert not quoted(article)


def test_an_edit_elsewhere_in_the_comment_keeps_the_quote(article: Article, comment: Comment, editor: User) -> None:
    lend(comment, editor)
    comment_editing.edit_comment(comment=comment, by=author_of(comment), body=f"In 1932, that is, {WORDS}.")
    assert quoted(article)


def test_quoted_text_are_on_the_articles_page_and_nowhere_else(
    client: Client, article: Article, comment: Comment, editor: User
) -> None:
    lend(comment, editor)
    for address in ("/feed/", "/feed.json", "/search/?q=grandmother", "/", "/archive/"):
        assert WORDS not in client.get(address).content.decode(), address
    page = client.get(article.get_absolute_url()).content.decode()
    machines = page.partition("application/ld+json")[2].partition("</script>")[0]
    assert machines.count(WORDS) == 1  # As what it is: a comment.


def test_no_revision_holds_quoted_text_and_none_brings_them_back(
    article: Article, comment: Comment, editor: User
) -> None:
    lend(comment, editor)
    article.refresh_from_db()
    article.body += "\n\nA fourth paragraph."
    revision = saving.save_article(article, by=editor)
    assert WORDS not in str(revision.companions) + revision.body
    assert WORDS not in Article.objects.get(pk=article.pk).body_html
    taken_back(comment)
    revisions.restore(revision, by=editor, base_number=Article.objects.get(pk=article.pk).revision_number)
    assert not quoted(article)


def test_an_edit_of_the_article_keeps_the_quote_and_a_removed_paragraph_sends_it_to_the_end(
    article: Article, comment: Comment, editor: User
) -> None:
    lend(comment, editor, after=1)
    article.refresh_from_db()
    article.body = "The first paragraph.\n\nSomething else altogether, at some length.\n\nThe third paragraph."
    saving.save_article(article, by=editor)
    text = story(article)
    assert text.index("third paragraph") < text.index(WORDS)


@pytest.mark.parametrize("who", ["reader", "Writer", "Moderator", "banned editor"])
def test_who_may_not_ask(comment: Comment, editor: User, who: str) -> None:
    by = editor if who == "banned editor" else make_reader() if who == "reader" else member_of(who)
    if who == "banned editor":
        editor.banned_at = timezone.now()
    with pytest.raises(Refused, match="Only editors"):
        ask(comment, by)


def test_nobody_quotes_themselves_or_under_their_own_article(article: Article, comment: Comment, editor: User) -> None:
    with pytest.raises(Refused, match="own comment"):
        ask(make_comment(article, WORDS, author=editor), editor)
    article.bylines.create(author=Author.objects.create(name="Ed", slug="ed", user=editor))
    with pytest.raises(Refused, match="own article"):
        ask(comment, editor)


@pytest.mark.parametrize("how", [hidden, withdrawn, gone_with_the_account])
def test_nobody_is_asked_for_a_removed_comment(comment: Comment, editor: User, how: Callable[[Comment], None]) -> None:
    how(comment)
    comment.refresh_from_db()
    with pytest.raises(Refused, match="no longer public or has no author"):
        ask(comment, editor)


@pytest.mark.parametrize("words", ["", "the ferry carried my uncle", "Somebody else said this", "grandmother. And"])
def test_only_words_of_the_author_that_stand_in_the_comment(article: Article, editor: User, words: str) -> None:
    comment = make_comment(article, f"> Somebody else said this\n\nBut {WORDS}.")
    with pytest.raises(Refused) as refusal:
        ask(comment, editor, words)
    assert refusal.value.field == "words"


def test_words_are_kept_as_they_stand_in_the_comment(comment: Comment, editor: User) -> None:
    assert ask(comment, editor, 'and  "nobody"\npaid').text == "and “nobody” paid"


def test_more_than_a_glance_is_refused(article: Article, editor: User) -> None:
    with pytest.raises(Refused, match="Shorten this"):
        ask(make_comment(article, "word " * 100), editor, "word " * 100)


def test_a_paragraph_of_another_article_is_no_place(comment: Comment, editor: User) -> None:
    other = make_article().blocks.first()
    with pytest.raises(Refused) as refusal:
        quote_requests.request_quote(comment=comment, words=WORDS, after=other, by=editor, reason="x")
    assert refusal.value.field == "after"


def test_a_comment_is_asked_for_once_at_a_time(comment: Comment, editor: User) -> None:
    ask(comment, editor)
    with pytest.raises(Refused, match="already been asked"):
        ask(comment, member_of("Editor"))
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteRequest.objects.create(comment=comment, article=comment.article, text="x", requested_at=timezone.now())


def test_the_database_has_no_quote_without_consent(comment: Comment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteRequest.objects.create(
            comment=comment, article=comment.article, text="x", requested_at=timezone.now(), state="granted"
        )


def test_only_the_author_of_the_comment_consents(comment: Comment, editor: User) -> None:
    ask(comment, editor)
    for by in (editor, make_reader(), make_owner()):
        with pytest.raises(Refused, match="Only the comment’s author"):
            quote_requests.decide(comment=comment, by=by, agrees=True)


def test_both_actions_of_editors_are_in_the_log_and_the_request_is_announced(comment: Comment, editor: User) -> None:
    heard: list[int] = []

    def hear(comment: Comment, **_news: object) -> None:
        heard.append(comment.pk)

    signals.quote_requested.connect(hear)
    try:
        lend(comment, editor)
    finally:
        signals.quote_requested.disconnect(hear)
    quote_requests.revoke(comment=comment, by=editor, reason="Enough")
    assert [act.action for act in ModerationAction.objects.order_by("pk")] == ["request_quote", "end_quote"]
    assert heard == [comment.pk]


# Pages -----------------------------------------------------------------------------------------------------------


def test_an_editor_asks_and_the_reader_answers_through_the_pages(
    client: Client, article: Article, comment: Comment, editor: User
) -> None:
    lift, lend_page = (reverse(name, args=[comment.pk]) for name in ("request_quote", "decide_quote_request"))
    client.force_login(editor)
    assert lift in client.get(comment.get_absolute_url()).content.decode()
    assert "In 1931 the ferry" in client.get(lift).content.decode()
    block = article.blocks.get(position=1)
    sent = {"words": WORDS, "after": block.pk, "reason": "Adds to the article"}
    assert client.post(lift, sent).status_code == 302
    assert "hasn’t decided yet" in client.get(comment.get_absolute_url()).content.decode()
    client.force_login(author_of(comment))
    assert lend_page in client.get(author_of(comment).get_absolute_url()).content.decode()
    assert lend_page in client.get(comment.get_absolute_url()).content.decode()
    page = client.get(lend_page).content.decode()
    assert WORDS in page and "Allow quote" in page
    answer = client.post(lend_page, {"answer": "yes"})
    assert answer["Location"] == article.get_absolute_url() and quoted(article)
    assert lend_page not in client.get(author_of(comment).get_absolute_url()).content.decode()
    assert "Withdraw permission" in client.get(lend_page).content.decode()
    assert client.post(lend_page, {"answer": "no"}).status_code == 302 and not quoted(article)
    assert client.post(lend_page, {"answer": "yes"}).status_code == 422 and not quoted(article)


def test_an_editor_takes_the_words_out_through_the_page(client: Client, comment: Comment, editor: User) -> None:
    lend(comment, editor)
    client.force_login(editor)
    lift = reverse("request_quote", args=[comment.pk])
    assert "Remove this quote" in client.get(lift).content.decode()
    client.post(lift, {"reason": "Enough"})
    assert not quoted(comment.article)


def test_a_refused_question_comes_back_as_it_was_typed(client: Client, comment: Comment, editor: User) -> None:
    client.force_login(editor)
    sent = {"words": "never said", "after": "999", "reason": "Why not"}
    answer = client.post(reverse("request_quote", args=[comment.pk]), sent)
    assert answer.status_code == 422 and "never said" in answer.content.decode()


def test_nobody_else_is_shown_what_was_asked(client: Client, comment: Comment, editor: User) -> None:
    ask(comment, editor)
    lend_page = reverse("decide_quote_request", args=[comment.pk])
    assert lend_page not in client.get(comment.get_absolute_url()).content.decode()
    client.force_login(make_reader())
    assert client.get(lend_page).status_code == 404 == client.post(lend_page, {"answer": "yes"}).status_code
    assert lend_page not in client.get(comment.get_absolute_url()).content.decode()


def test_hostile_words_are_harmless(client: Client, article: Article, editor: User) -> None:
    comment = make_comment(article, r"\<script>alert(1)\</script> & ’")
    words = own_text(comment.body_html)
    ask(comment, editor, words)
    quote_requests.decide(comment=comment, by=author_of(comment), agrees=True)
    assert "<script>alert" not in story(article) and "alert(1)" in story(article)


def test_a_page_asks_one_question_more_only_where_a_reader_is_quoted(
    client: Client, article: Article, comment: Comment, editor: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(article.get_absolute_url())
        return len(asked)

    before = queries()
    lend(comment, editor)
    assert queries() == before + 1


def test_a_reader_takes_away_what_they_were_asked(comment: Comment, editor: User) -> None:
    lend(comment, editor)
    assert [(row["text"], row["state"]) for row in collect(author_of(comment))["quote_requests"]] == [
        (WORDS, "granted")
    ]


def test_pieces_stand_behind_their_block_and_what_follows_it() -> None:
    html = '<p id="p1">One</p>\n<aside id="quote-3">Q</aside>\n<h2 id="p2">Two</h2>\n<pre id="p9">\n&lt;p</pre>'
    pieces: dict[int | None, str] = {1: "<b>1</b>", None: "<b>end</b>", 77: "<b>gone</b>"}
    lines = insert_after_blocks(html, pieces).split("\n")
    assert lines[2] == "<b>1</b>" and lines[3].startswith("<h2") and lines[-2] == "<b>end</b><b>gone</b>"
    assert insert_after_blocks(html, {}) == html
