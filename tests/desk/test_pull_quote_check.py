"""The pull quote check at the desk: warnings, refusals and an editor's confirmation."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.accounts.models import User
from articles.publishing.companions import Companions, Quote
from articles.publishing.models import Article
from tests.desk.forms import change_url, form_of, fresh, save, without_lines
from tests.factories import make_article

pytestmark = pytest.mark.django_db

BODY = "Nobody in the net loft had counted the lamps before that night.\n\nThey were forty-two."
ALTERED = "Nobody in the net loft had ever counted the lamps before"


def draft(text: str = ALTERED, **kwargs: bool) -> Article:
    companions = Companions(quotes=[Quote(text=text, after=0)])
    return make_article(body=BODY, companions=companions, published=kwargs.get("published", False))


def test_the_form_shows_how_a_quote_differs(client: Client, editor: User) -> None:
    html = client.get(change_url(draft())).text
    assert "altered" in html
    assert '<ins><span class="sr-only">[added: </span>ever ' in html


def test_the_preview_warns_and_nothing_is_saved(client: Client, editor: User) -> None:
    article = draft("Nobody in the net loft had counted")
    form = without_lines(form_of(client.get(change_url(article))))
    preview = reverse("preview_form", args=[article.pk])
    headers = {"HX-Request": "true"}
    assert "This pull quote doesn’t match" not in client.post(preview, form, headers=headers).text
    form["body"] = BODY.replace("had counted", "ever counted")
    assert "This pull quote doesn’t match the article" in client.post(preview, form, headers=headers).text
    assert fresh(article).body == BODY


def test_saving_a_draft_warns_without_javascript(client: Client, editor: User) -> None:
    article = draft("Nobody in the net loft had counted")
    answer = save(client, article, body=BODY.replace("had counted", "ever counted"))
    assert answer.status_code == 302
    assert "doesn’t match the article, which says" in client.get(answer["Location"]).text


def test_publishing_is_refused_with_both_wordings_and_nothing_typed_is_lost(client: Client, editor: User) -> None:
    article = draft()
    answer = save(client, article, "_publish", standfirst="Typed just now")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "doesn’t match the article, which says" in html and "Typed just now" in html
    assert fresh(article).status == Article.Status.DRAFT


def test_an_editors_reason_confirms_the_quote_and_is_saved_with_their_name(client: Client, editor: User) -> None:
    article = draft()
    answer = save(client, article, "_publish", **{"pull_quotes-0-confirmation_reason": "Said so on the radio."})
    assert answer.status_code == 302
    quote = article.pull_quotes.get()
    assert (quote.confirmation_reason, quote.confirmed_by) == ("Said so on the radio.", editor)
    assert fresh(article).is_public
    # Saving something else keeps it; a changed quote needs another reason.
    assert save(client, article, standfirst="Another").status_code == 302
    answer = save(client, article, **{"pull_quotes-0-text": ALTERED.replace("ever", "never")})
    assert answer.status_code == 422


def test_a_writer_cannot_give_the_reason(client: Client, writer: User) -> None:
    article = draft()
    assert "confirmation_reason" not in form_of(client.get(change_url(article)))
    save(client, article, standfirst="Another", **{"pull_quotes-0-confirmation_reason": "Because I say so."})
    assert fresh(article).standfirst == "Another"
    assert article.pull_quotes.get().unresolved


def test_changing_a_live_text_under_its_quote_is_refused(client: Client, editor: User) -> None:
    article = draft("Nobody in the net loft had counted the lamps", published=True)
    answer = save(client, article, body=BODY.replace("had counted", "had ever counted"))
    assert answer.status_code == 422
    assert fresh(article).body == BODY
