"""Responding to a passage, by its pages: the way in, what they show to whom, what they refuse, what they never tell."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.discussion import closing, comment_limits, comment_withdrawing, moderating, posting, sanctions
from articles.discussion.models import Comment, Passage
from articles.discussion.passages.passage_selection import narrow, selection_at
from articles.publishing import publishing, saving
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Article
from tests.desk.forms import form_of
from tests.factories import GROUNDS, make_article, make_comment, make_owner, make_reader

pytestmark = pytest.mark.django_db

VOTE = "The vote took eleven minutes. When the chair asked who would pay, every hand in the net loft went up."
FERRY = "For forty years the ferry “Ada” has left the south quay at ten past seven with bread and the post."
HANDS = "every hand in the net loft went up"
BODY = f"## In the loft\n\n{VOTE}\n\n{FERRY}"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def article(db: None) -> Article:
    return make_article(body=BODY, companions=Companions(quotes=[Quote(text="Who would pay?", after=1)]))


def element_id(article: Article, number: int = 1) -> str:
    return article.blocks.get(position=number).anchor


def url_of(article: Article, place: str = "") -> str:
    return reverse("passage", args=[article.pk, place or element_id(article)])


def respond(article: Article, body: str = "I was there.", words: str = HANDS, place: str = "", **who: Any) -> Comment:
    whole = selection_at(article, place or element_id(article))
    assert whole is not None
    return posting.post_comment(
        article=article,
        author=who.get("author") or make_reader(),
        body=body,
        token=uuid4(),
        passage=narrow(whole, words) if words else whole,
        at=timezone.now(),
    )


def page(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def control(html: str, place: str) -> str:
    """What the paragraph's control says to those who hear it."""
    found = re.search(
        rf'<a class="respond-link" href="[^"]*/passages/{place}/" rel="nofollow" aria-label="([^"]*)"', html
    )
    return found[1] if found else ""


def send(client: Client, address: str, **changes: str) -> Any:
    """Fill in the form of a page and send it as a browser would, after the time trap."""
    return post(client, address.split("/")[2], {**form_of(client.get(address)), "body": "I was there.", **changes})


def post(client: Client, article_id: int | str, fields: dict[str, str], **headers: str) -> Any:
    with time_machine.travel(timezone.now() + timedelta(seconds=comment_limits.MIN_FORM_SECONDS + 3), tick=True):
        return client.post(reverse("post_comment", args=[article_id]), fields, headers=headers)


# The way in ------------------------------------------------------------------------------------------------------


def test_each_paragraph_and_pull_quote_has_a_control_and_headings_have_none(client: Client, article: Article) -> None:
    html = page(client, article.get_absolute_url())
    assert control(html, element_id(article)) == "Respond to paragraph 1"
    assert control(html, element_id(article, 2)) == "Respond to paragraph 2"
    assert control(html, f"quote-{article.pull_quotes.get().pk}") == "Respond to the pull quote"
    assert html.count('class="respond-link"') == 3
    assert client.cookies == {}


def test_a_control_costs_few_bytes(client: Client, article: Article) -> None:
    found = re.findall(r'\u00a0<a class="respond-link".*?</a>', page(client, article.get_absolute_url()))
    assert found
    assert max(len(each.encode()) for each in found) < 160


def test_a_closed_discussion_keeps_the_links_to_what_was_said_and_has_no_others(
    client: Client, article: Article
) -> None:
    respond(article)
    closing.close_discussion(article=article, by=make_owner(), reason="Enough.")
    html = page(client, article.get_absolute_url())
    assert control(html, element_id(article)) == "1 response to paragraph 1"
    assert html.count('class="respond-link"') == 1
    shown = page(client, url_of(article))
    assert "Enough." in shown
    assert "I was there." in shown


def test_counts_and_highlights_are_at_the_passage_for_everybody(client: Client, article: Article) -> None:
    respond(article)
    respond(article, "All of it.", words="")
    quote = f"quote-{article.pull_quotes.get().pk}"
    respond(article, "Who indeed.", words="would pay", place=quote)
    for viewer in (client, Client()):
        html = page(viewer, article.get_absolute_url())
        assert control(html, element_id(article)) == "2 responses to paragraph 1"
        assert control(html, quote) == "1 response to the pull quote"
        assert re.findall("<mark>(.*?)</mark>", html) == [HANDS, "would pay"]
        client.force_login(make_reader())


def test_a_whole_pull_quote_is_not_highlighted_though_its_speaker_stands_below(
    client: Client, article: Article
) -> None:
    saving.save_article(
        Article.objects.get(pk=article.pk),
        by=None,
        companions=Companions(quotes=[Quote(text="Who would pay?", speaker="The chair", after=1)]),
    )
    respond(article, words="", place=f"quote-{article.pull_quotes.get().pk}")
    html = page(client, article.get_absolute_url())
    assert "<mark>" not in html
    assert "The chair" in html


# The page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_words_the_responses_and_to_strangers_the_way_to_sign_in(
    client: Client, article: Article
) -> None:
    respond(article)
    html = page(client, url_of(article))
    assert VOTE in html
    assert "I was there." in html
    assert f"/accounts/login/?next={url_of(article).replace('/', '%2F')}" in html
    assert "<form" not in html
    assert client.cookies == {}
    assert '<meta name="robots" content="noindex">' in html


def test_htmx_is_given_the_panel_and_caches_are_told(client: Client, article: Article) -> None:
    comment = respond(article)
    response = client.get(url_of(article), headers=HTMX)
    html = response.content.decode()
    assert "<html" not in html
    assert "HX-Request" in response.headers["Vary"]
    # The same comment stands in the discussion below: an id is given once in a page.
    assert f'id="comment-{comment.pk}"' not in html
    assert f'id="beside-{comment.pk}"' in html
    assert f'href="/comments/{comment.pk}/"' in html


def test_words_in_the_address_narrow_it_and_the_text_before_tells_which(client: Client, article: Article) -> None:
    html = page(client, f"{url_of(article)}?words=THE+NET+LOFT")
    assert "<mark>the net loft</mark>" in html
    assert f'<a href="{url_of(article)}">Respond to the whole passage</a>' in html
    html = page(client, f"{url_of(article, element_id(article, 2))}?words=%22Ada%22")
    assert "<mark>“Ada”</mark>" in html
    html = page(client, f"{url_of(article)}?words=the&before=hand+in")
    assert "every hand in <mark>the</mark> net loft" in html


def test_words_that_do_not_stand_there_are_said_not_to(client: Client, article: Article) -> None:
    html = page(client, f"{url_of(article)}?words=the+fish+loft")
    assert "isn’t in this passage" in html
    assert "<mark>" not in html


def test_many_responses_come_in_pages(client: Client, article: Article) -> None:
    for number in range(21):
        respond(article, f"Response number {number}.")
    first = page(client, url_of(article))
    assert "Response number 20." in first
    assert "Response number 0." not in first
    further = re.search(r'href="([^"]*after=\d+)"', first)
    assert further
    second = page(client, further[1])
    assert "Response number 0." in second
    assert "Response number 1." in first
    assert "Response number 1." not in second
    assert client.get(url_of(article) + "?after=x").status_code == 400


def test_a_response_shows_how_many_answer_it(client: Client, article: Article) -> None:
    comment = respond(article)
    make_comment(parent=comment)
    html = page(client, url_of(article))
    assert f'<a href="/comments/{comment.pk}/thread/">1 reply</a>' in html


# Posting ---------------------------------------------------------------------------------------------------------


def test_a_response_is_posted_and_its_writer_comes_back_to_it(
    signed_in: Client, article: Article, reader: User
) -> None:
    response = send(signed_in, url_of(article))
    passage = Passage.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"{url_of(article)}#comment-{passage.pk}"
    assert (passage.exact, passage.state, passage.comment.author) == (VOTE, "exact", reader)
    assert passage.comment.read_revision == passage.revision
    assert "Response posted." in page(signed_in, url_of(article))


def test_a_response_to_some_words_by_typing_them(signed_in: Client, article: Article) -> None:
    send(signed_in, url_of(article, element_id(article, 2)), words='the ferry "ada" has left')
    passage = Passage.objects.get()
    assert passage.exact == "the ferry “Ada” has left"
    assert (passage.prefix, passage.suffix) == ("For forty years ", " the south quay at ten past seve")


def test_words_that_do_not_stand_there_are_refused_and_nothing_is_lost(signed_in: Client) -> None:
    long = f"{VOTE} {'And then it was quiet in the net loft for a while. ' * 9}The end."
    article = make_article(body=f"First.\n\n{long}")
    response = send(signed_in, url_of(article), words="every foot", body="I was <there>.")
    assert response.status_code == 422
    html = response.content.decode()
    assert "That text isn’t in the passage." in html
    assert 'value="every foot"' in html
    assert "I was &lt;there&gt;." in html
    assert long in html  # From which other words can be taken.
    assert not Comment.objects.exists()
    fields = {**form_of(response), "words": "every hand"}
    assert post(signed_in, article.pk, fields).status_code == 302
    assert Passage.objects.get().exact == "every hand"


def test_the_preview_without_script_keeps_what_it_responds_to(signed_in: Client, article: Article) -> None:
    response = send(signed_in, url_of(article), words=HANDS, preview="1")
    assert response.status_code == 200
    assert HANDS in response.content.decode()
    fields = form_of(response)
    assert "parent" not in fields
    post(signed_in, article.pk, {**fields, "body": "Posted."})
    assert Passage.objects.get().exact == HANDS


def test_a_response_to_nothing_of_this_article_is_refused_with_its_text(signed_in: Client, article: Article) -> None:
    other = make_article(body="Another story altogether.")
    theirs = selection_at(other, element_id(other, 0))
    assert theirs is not None
    for key in ("1-99-0-5", "x", theirs.key):
        response = send(signed_in, url_of(article), passage=key)
        assert response.status_code == 422, key
        assert "isn’t in the article" in response.content.decode()
    assert not Comment.objects.exists()


def test_a_response_sent_twice_is_one(signed_in: Client, article: Article) -> None:
    opened = signed_in.get(url_of(article))
    fields = {**form_of(opened), "body": "Once."}
    for _ in range(2):
        assert post(signed_in, article.pk, fields).status_code == 302
    assert Passage.objects.count() == 1


def test_a_session_that_ended_gives_the_words_back_with_what_they_respond_to(
    signed_in: Client, article: Article
) -> None:
    opened = signed_in.get(f"{url_of(article)}?words={HANDS}")
    fields = {**form_of(opened), "body": "My words."}
    signed_in.logout()
    response = signed_in.post(reverse("post_comment", args=[article.pk]), fields)
    assert response.status_code == 422
    html = response.content.decode()
    assert "My words." in html
    assert HANDS in html


def test_an_article_that_changed_meanwhile_takes_the_response_to_what_was_read(
    signed_in: Client, article: Article
) -> None:
    opened = signed_in.get(f"{url_of(article)}?words=eleven minutes")
    fields = {**form_of(opened), "body": "It was longer."}
    fresh = Article.objects.get(pk=article.pk)
    fresh.body = BODY.replace("eleven minutes", "an hour and a half")
    saving.save_article(fresh, by=None)
    post(signed_in, article.pk, fields)
    passage = Passage.objects.get()
    assert (passage.exact, passage.state, passage.current_text) == ("eleven minutes", "changed", "an hour and a half")
    html = page(Client(), article.get_absolute_url())
    assert control(html, passage.place) == "1 response to paragraph 1"
    assert "<mark>" not in html
    assert "The article has changed since." in html


def test_htmx_puts_the_response_into_the_panel_and_the_discussion(signed_in: Client, article: Article) -> None:
    opened = signed_in.get(f"{url_of(article)}?words={HANDS}", headers=HTMX)
    fields = {**form_of(opened), "body": "My words."}
    response = post(signed_in, article.pk, fields, **HTMX)
    html = response.content.decode()
    comment = Comment.objects.get()
    part = comment.passage.revision.number
    assert f'hx-swap-oob="afterbegin:#responses-{part}-1"' in html
    assert f'id="beside-{comment.pk}"' in html
    assert html.count(f'id="comment-{comment.pk}"') == 1
    assert f'<p id="{element_id(article)}" hx-swap-oob="true">' in html
    assert f"<mark>{HANDS}</mark>" in html
    assert control(html, element_id(article)) == "1 response to paragraph 1"


def test_words_that_are_a_quotation_themselves_are_quoted_with_single_marks(signed_in: Client) -> None:
    """cases.md T12: the page said ““Who would pay?””."""
    article = make_article(body='"Who would pay?" asked the chair. "I don\'t know."')
    form = signed_in.get(f"{url_of(article, element_id(article, 0))}?words=“Who would pay?”", headers=HTMX)
    assert 'dir="auto">‘Who would pay?’</q>' in form.text
    respond(article, words="“Who would pay?” asked the chair. “I don’t know.”", place=element_id(article, 0))
    assert ">‘Who would pay?’ asked the chair. ‘I don’t know.’</q>" in page(signed_in, article.get_absolute_url())


def test_htmx_leaves_the_paragraph_of_an_article_that_changed_meanwhile(signed_in: Client, article: Article) -> None:
    fields = {**form_of(signed_in.get(url_of(article), headers=HTMX)), "body": "My words."}
    fresh = Article.objects.get(pk=article.pk)
    fresh.body = BODY.replace("eleven", "twelve")
    saving.save_article(fresh, by=None)
    html = post(signed_in, article.pk, fields, **HTMX).content.decode()
    assert "Response posted." in html
    assert 'hx-swap-oob="true"' not in html


def test_a_banned_reader_reads(signed_in: Client, article: Article, reader: User) -> None:
    respond(article)
    sanctions.ban(reader=reader, by=make_owner(), grounds=GROUNDS, reason="Spam.")
    html = page(signed_in, url_of(article))
    assert "I was there." in html
    assert "<textarea" not in html
    assert "You can read but not post. Reason: Spam." in html


# What they never tell --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fate", ["hidden", "withdrawn", "held"])
def test_what_is_not_public_leaves_no_count_no_wash_and_no_word(client: Client, article: Article, fate: str) -> None:
    comment = respond(article, "A secret.")
    make_comment(article)  # The article has still something to be asked for.
    page(client, article.get_absolute_url())  # Kept in memory from now on.
    if fate == "hidden":
        moderating.hide(comment=comment, by=make_owner(), grounds=GROUNDS, reason="No.")
    elif fate == "withdrawn":
        assert comment.author is not None
        comment_withdrawing.withdraw_comment(comment=comment, by=comment.author)
    else:
        Comment.objects.filter(pk=comment.pk).update(state="held")
    html = page(client, article.get_absolute_url())
    assert control(html, element_id(article)) == "Respond to paragraph 1"
    assert "<mark>" not in html
    for headers in ({}, HTMX):
        shown = page(client, url_of(article), **headers)
        assert "A secret." not in shown
        assert "No responses yet" in shown


def test_an_article_that_nobody_may_see_has_no_passages(client: Client, signed_in: Client) -> None:
    draft = make_article(published=False)
    withdrawn = make_article()
    publishing.withdraw(withdrawn, by=make_owner(), reason="Wrong.")
    for hidden in (draft, withdrawn):
        assert client.get(url_of(hidden, element_id(hidden, 0))).status_code == 404
        form = {"body": "Words.", "passage": "1-0-0-5"}
        assert signed_in.post(reverse("post_comment", args=[hidden.pk]), form).status_code == 404


def test_a_draft_has_no_passages_for_an_editor_either(client: Client) -> None:
    draft = make_article(published=False)
    client.force_login(make_owner())
    assert client.get(url_of(draft, element_id(draft, 0))).status_code == 404


def test_places_of_other_articles_and_of_none_are_not_found(client: Client, article: Article) -> None:
    other = make_article()
    for place in (element_id(other, 0), "p0", "p999999999999999999", "quote-0", "x", "p1x", "٣"):
        assert client.get(url_of(article, place)).status_code == 404, place


def test_a_paragraph_that_was_removed_says_where_its_responses_are(client: Client, article: Article) -> None:
    place = element_id(article)
    respond(article)
    fresh = Article.objects.get(pk=article.pk)
    fresh.body = FERRY
    saving.save_article(fresh, by=None)
    gone = client.get(url_of(article, place))
    assert gone.status_code == 410
    assert "was removed from the article" in gone.content.decode()
    assert "was removed" in page(client, url_of(article, place), **HTMX)
    html = page(client, article.get_absolute_url())
    assert "This passage is no longer in the article." in html
    assert f"#{place}" not in html


@pytest.mark.parametrize("number", [1, 20])
def test_the_number_of_queries_of_a_passage_does_not_grow(
    signed_in: Client, article: Article, django_assert_num_queries: Any, number: int
) -> None:
    for each in range(number):
        respond(article, f"Response number {each}.")
    page(signed_in, url_of(article))
    with django_assert_num_queries(12):
        page(signed_in, url_of(article))


def test_readers_respond_to_a_cell_of_a_table_and_beside_a_footnote(client: Client) -> None:
    article = make_article(body="He left[^1] at ten.\n\n| Port | Ships |\n|---|---|\n| Hull | 12 |\n\n[^1]: Late.")
    respond(article, words="left at", place=element_id(article, 0))
    respond(article, words="Ships Hull", place=element_id(article, 1))
    html = page(client, article.get_absolute_url())
    assert "<mark>left</mark><sup>" in html
    assert "</sup><mark> at</mark> ten." in html
    assert '<th scope="col" dir="auto"><mark>Ships</mark></th>' in html
    assert '<td dir="auto"><mark>Hull</mark></td>' in html
    assert re.search(r'</table>\n</div>\s*<a class="respond-link"[^>]*>1</a>\n</div>', html)
    notes = html.partition('class="footnotes"')[2].partition("</section>")[0]
    assert "respond-link" not in notes
