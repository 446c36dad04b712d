"""Pictures, pull quotes and “Also on” boxes as lines of the text in the article form."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Autosave, PicturePlacement, RelatedLink, User
from articles.publishing.companions import Companions, Quote, Related
from tests.desk.forms import change_url, form_of, fresh, save
from tests.factories import make_article, make_owner, make_picture

pytestmark = pytest.mark.django_db

BODY = "One paragraph.\n\nAnother paragraph.\n\nA third one."
QUOTE_LINE = "[pull quote 1: Nobody knew]"
BOX_LINE = "[also on 1: The harbour lights]"
WRITTEN = f"One paragraph.\n\n{QUOTE_LINE}\n\nAnother paragraph.\n\n{BOX_LINE}\n\nA third one."


@pytest.fixture(autouse=True)
def editor(client: Client) -> User:
    person = make_owner("Edna")
    client.force_login(person)
    return person


@pytest.fixture
def article() -> Article:
    companions = Companions(
        quotes=[Quote(text="Nobody knew", after=0)], related=[Related(headline="The harbour lights", after=1)]
    )
    return make_article(body=BODY, published=False, companions=companions)


def post(client: Client, article: Article, text: str, **fields: Any) -> Any:
    form = form_of(client.get(change_url(article)))
    return client.post(change_url(article), {**form, "body": text, "_save": "1", **fields})


def shown(client: Client, article: Article) -> str:
    return form_of(client.get(change_url(article)))["body"].replace("\r\n", "\n")


def quote_position(article: Article) -> int | None:
    after = article.pull_quotes.select_related("after").get().after
    return after.position if after else None


def test_the_form_shows_a_line_for_each_where_it_stands(client: Client, article: Article) -> None:
    assert shown(client, article) == WRITTEN


def test_the_stored_text_has_no_lines(client: Client, article: Article) -> None:
    assert post(client, article, WRITTEN + "\n\nA fourth.").status_code == 302
    assert fresh(article).body == BODY + "\n\nA fourth."
    assert fresh(article).pull_quotes.count() == fresh(article).related_links.count() == 1


def test_a_form_that_is_not_changed_saves_nothing(client: Client, article: Article) -> None:
    number = article.revision_number
    save(client, article)
    assert fresh(article).revision_number == number


def places_of_boxes(article: Article) -> list[tuple[str, int | None]]:
    boxes = article.related_links.select_related("after").order_by("order", "pk")
    return [(box.headline, box.after.position if box.after else None) for box in boxes]


def test_a_box_after_the_article_stays_there_in_a_form_that_is_not_changed(client: Client) -> None:
    last_and_behind = [Related(headline="In the text", after=2), Related(headline="Behind it")]
    article = make_article(body=BODY, published=False, companions=Companions(related=last_and_behind))
    form, number = form_of(client.get(change_url(article))), article.revision_number
    client.post(change_url(article).replace("change/", "autosave/"), form)
    assert not Autosave.objects.exclude(fields={}).exists()
    save(client, article)
    assert fresh(article).revision_number == number
    assert places_of_boxes(article) == [("In the text", 2), ("Behind it", None)]


def test_a_box_after_the_article_is_moved_into_the_text_by_what_is_written_or_put_after_it(client: Client) -> None:
    boxes = [Related(headline="First"), Related(headline="Second")]
    article = make_article(body=BODY, published=False, companions=Companions(related=boxes))
    first, second = "[also on 1: First]", "[also on 2: Second]"
    post(client, article, f"{BODY}\n\n{first}\n\nA fourth.\n\n{second}")
    assert places_of_boxes(article) == [("First", 2), ("Second", None)]
    post(client, article, f"{BODY}\n\nA fourth.\n\n{second}\n\n{first}")
    assert [name for name, _after in places_of_boxes(article)] == ["Second", "First"]


def test_a_line_that_is_moved_moves_its_row(client: Client, article: Article) -> None:
    post(client, article, f"One paragraph.\n\nAnother paragraph.\n\n{BOX_LINE}\n\nA third one.\n\n{QUOTE_LINE}")
    assert quote_position(article) == 2
    assert shown(client, article).endswith(f"A third one.\n\n{QUOTE_LINE}")


def test_a_line_goes_after_a_paragraph_that_is_new(client: Client, article: Article) -> None:
    post(client, article, f"Quite new.\n\n{QUOTE_LINE}\n\n{BODY}\n\n{BOX_LINE}")
    assert quote_position(article) == 0
    assert article.blocks.get(position=0).source == "Quite new."


def test_a_line_that_is_deleted_deletes_its_row_and_the_history_has_it(client: Client, article: Article) -> None:
    post(client, article, WRITTEN.replace(f"{QUOTE_LINE}\n\n", ""))
    assert not article.pull_quotes.exists()
    assert article.related_links.exists()
    first = article.revisions.earliest("number")
    assert first.companions["pull_quotes"][0]["text"] == "Nobody knew"


def test_a_row_that_is_deleted_in_the_panel_needs_no_line(client: Client, article: Article) -> None:
    post(client, article, WRITTEN, **{"related_links-0-DELETE": "on"})
    assert not article.related_links.exists()
    assert shown(client, article) == WRITTEN.replace(f"{BOX_LINE}\n\n", "")


def test_two_lines_in_another_order_change_the_order_of_their_rows(client: Client) -> None:
    companions = Companions(quotes=[Quote(text="Nobody knew", after=0), Quote(text="Nobody came", after=0)])
    article = make_article(body=BODY, published=False, companions=companions)
    first, second = "[pull quote 1: Nobody knew]", "[pull quote 2: Nobody came]"
    assert shown(client, article).startswith(f"One paragraph.\n\n{first}\n\n{second}")
    post(client, article, f"One paragraph.\n\n{second}\n\n{first}\n\nAnother paragraph.")
    assert [quote.text for quote in article.pull_quotes.all()] == ["Nobody came", "Nobody knew"]


def test_a_new_row_stands_where_its_line_is(client: Client, article: Article) -> None:
    text = WRITTEN.replace("A third one.", "A third one.\n\n[also on 2: Elsewhere]")
    post(
        client, article, text, **{"related_links-1-headline": "Elsewhere", "related_links-1-url": "https://a.example/"}
    )
    box = RelatedLink.objects.select_related("after").get(headline="Elsewhere")
    assert box.after is not None and box.after.position == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{WRITTEN}\n\n[picture 7: A gull]", "“[picture 7: A gull]” names nothing in this article."),
        (f"{WRITTEN}\n\n{QUOTE_LINE}", f"“{QUOTE_LINE}” is in the text twice."),
        (f"{BODY}\n\n{BOX_LINE}\n\n> {QUOTE_LINE}", "is inside a quotation or a list."),
        (f"{BODY}\n\n{BOX_LINE}\n\n```\n{QUOTE_LINE}\n```", "is inside a code block."),
    ],
)
def test_a_line_that_cannot_be_used_is_told_and_nothing_is_lost(
    client: Client, article: Article, text: str, sentence: str
) -> None:
    answer = post(client, article, text)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fresh(article).body == BODY
    assert article.pull_quotes.exists()


def test_a_refused_form_shows_the_lines_where_they_were_typed(client: Client, article: Article) -> None:
    moved = f"One paragraph.\n\nBrand new.\n\n{QUOTE_LINE}\n\nAnother paragraph.\n\n{BOX_LINE}\n\nA third one."
    answer = post(client, article, moved, headline="")
    assert answer.status_code == 422
    assert form_of(answer)["body"].replace("\r\n", "\n") == moved


def test_the_lead_picture_has_no_line_and_gets_one_when_it_goes_into_the_text(client: Client) -> None:
    article = make_article(body=BODY, published=False)
    picture = make_picture(caption="The quay", alt="A quay")
    PicturePlacement.objects.create(article=article, picture=picture, role="lead")
    assert shown(client, article) == BODY
    post(client, article, BODY, **{"placements-0-role": "body"})
    assert shown(client, article) == f"{BODY}\n\n[picture 1: The quay]"


def test_what_a_colleague_saved_meanwhile_keeps_your_lines_where_they_are(client: Client, article: Article) -> None:
    form = form_of(client.get(change_url(article)))
    save(client, article, body="Before all.\n\n" + BODY)
    moved = f"One paragraph.\n\nBrand new.\n\n{QUOTE_LINE}\n\nAnother paragraph.\n\n{BOX_LINE}\n\nA third one."
    answer = client.post(change_url(article), {**form, "body": moved, "_save": "1"})
    assert answer.status_code == 422
    assert form_of(answer)["body"].replace("\r\n", "\n") == "Before all.\n\n" + moved
    again = client.post(change_url(article), {**form_of(answer), "_save": "1"})
    assert again.status_code == 302
    assert quote_position(article) == 2


def test_a_form_opened_before_an_upgrade_keeps_all_places(client: Client, article: Article) -> None:
    form = form_of(client.get(change_url(article)))
    del form["lines"]
    client.post(change_url(article), {**form, "body": BODY + "\n\nMore.", "_save": "1"})
    assert quote_position(article) == 0
    assert article.related_links.exists()


def test_an_autosaved_form_comes_back_with_its_lines(client: Client, article: Article) -> None:
    form = form_of(client.get(change_url(article)))
    moved = f"One paragraph.\n\nBrand new.\n\n{QUOTE_LINE}\n\nAnother paragraph.\n\n{BOX_LINE}\n\nA third one."
    url = change_url(article).replace("change/", "autosave/")
    assert "autosaved" in client.post(url, {**form, "body": moved}).text
    restored = client.get(change_url(article) + "?unsaved")
    assert form_of(restored)["body"].replace("\r\n", "\n") == moved


def test_the_preview_shows_the_places_of_the_lines(client: Client, article: Article) -> None:
    form = form_of(client.get(change_url(article)))
    moved = f"Brand new.\n\n{QUOTE_LINE}\n\n{BODY}\n\n{BOX_LINE}"
    page = client.post(f"/desk/preview/{article.pk}/form/", {**form, "body": moved}).text
    assert page.index("Brand new.") < page.index("Nobody knew") < page.index("One paragraph.")
    assert "[pull quote" not in page


def test_a_text_that_is_too_long_comes_back_as_it_was_typed(client: Client, article: Article) -> None:
    text = WRITTEN + "\n\n" + "word " * 40_000 + "end."
    answer = post(client, article, text)
    assert answer.status_code == 422
    assert form_of(answer)["body"].replace("\r\n", "\n") == text
    assert article.pull_quotes.exists()


def test_a_row_whose_line_cannot_be_used_is_not_deleted_once_that_is_mended(client: Client, article: Article) -> None:
    answer = post(client, article, f"{BODY}\n\n{BOX_LINE}\n\n> {QUOTE_LINE}")
    form = form_of(answer)
    assert "pull_quotes-0-DELETE" not in form
    assert QUOTE_LINE in form["body"].replace(f"> {QUOTE_LINE}", "")
    mended = form["body"].replace(f"> {QUOTE_LINE}", "")
    assert client.post(change_url(article), {**form, "body": mended, "_save": "1"}).status_code == 302
    assert quote_position(article) == 0
