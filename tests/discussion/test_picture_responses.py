"""Responding to a picture: the way in, what the comment says of it, and what edits do to it."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.discussion import closing, comment_limits, posting
from articles.discussion.models import Comment, Passage
from articles.discussion.passages.passage_selection import selection_at, selection_from_key
from articles.pictures import editing
from articles.pictures.models import Picture
from articles.publishing import saving
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import Article, PicturePlacement
from tests.desk.forms import form_of
from tests.factories import make_article, make_owner, make_picture, make_reader

pytestmark = pytest.mark.django_db

Role = PicturePlacement.Role
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(db: None) -> Picture:
    return make_picture(caption="The bridge at dawn", alt="A bridge")


@pytest.fixture
def inset(db: None) -> Picture:
    return make_picture(caption="", alt="A cat on a wall")


@pytest.fixture
def article(lead: Picture, inset: Picture) -> Article:
    return make_article(companions=companions(lead, inset))


def companions(*pictures: Picture) -> Companions:
    roles = [Role.LEAD, Role.BODY]
    return Companions(
        pictures=[
            Placed(picture=picture, role=role, after=None if role == Role.LEAD else 0)
            for picture, role in zip(pictures, roles, strict=False)
        ]
    )


def save(article: Article, *pictures: Picture, **fields: Any) -> None:
    fresh = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(fresh, name, value)
    saving.save_article(fresh, by=None, companions=companions(*pictures))


def place_of(picture: Picture) -> str:
    return f"picture-{picture.pk}"


def url_of(article: Article, picture: Picture) -> str:
    return reverse("passage", args=[article.pk, place_of(picture)])


def respond(article: Article, picture: Picture, body: str = "I was there.") -> Comment:
    selection = selection_at(article, place_of(picture))
    assert selection is not None
    return posting.post_comment(
        article=article, author=make_reader(), body=body, token=uuid4(), passage=selection, at=timezone.now()
    )


def page(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return " ".join(response.text.split())


def links_of(html: str) -> list[str]:
    """What the controls of pictures say to those who hear them."""
    return re.findall(
        r'<a class="respond-link" href="[^"]*/passages/picture-\d+/" rel="nofollow" aria-label="([^"]*)"', html
    )


def stored(comment: Comment) -> str:
    comment.refresh_from_db()
    return " ".join(comment.html.split())


# The way in ------------------------------------------------------------------------------------------------------


def test_each_picture_has_a_control_after_its_caption(
    client: Client, article: Article, lead: Picture, inset: Picture
) -> None:
    html = page(client, article.get_absolute_url())
    assert links_of(html) == ["Respond to picture 1", "Respond to picture 2"]
    for picture in (lead, inset):
        figure = re.search(rf'<figure class="[^"]*" id="picture-{picture.pk}">.*?</figure>', html)
        assert figure is not None
        assert f"/passages/picture-{picture.pk}/" in figure[0].partition("<figcaption>")[2]


def test_a_picture_that_stands_twice_in_an_article_has_one_control(client: Client, lead: Picture) -> None:
    placed = [Placed(picture=lead, role=Role.LEAD), Placed(picture=lead, role=Role.GALLERY, after=0)]
    html = page(client, make_article(companions=Companions(pictures=placed)).get_absolute_url())
    assert html.count(f'id="picture-{lead.pk}"') == 1
    assert links_of(html) == ["Respond to picture 1"]


def test_a_closed_discussion_has_controls_only_where_somebody_responded(
    client: Client, article: Article, lead: Picture
) -> None:
    respond(article, lead)
    closing.close_discussion(article=article, by=make_owner(), reason="Enough.")
    assert links_of(page(client, article.get_absolute_url())) == ["1 response to picture 1"]
    assert "Enough." in page(client, url_of(article, lead))


def test_responses_are_counted_for_the_article_alone(client: Client, article: Article, lead: Picture) -> None:
    other = make_article(companions=companions(lead))
    respond(article, lead)
    respond(article, lead, "So was I.")
    respond(other, lead, "Elsewhere.")
    assert links_of(page(client, article.get_absolute_url())) == ["2 responses to picture 1", "Respond to picture 2"]
    assert links_of(page(client, other.get_absolute_url())) == ["1 response to picture 1"]
    shown = page(client, url_of(article, lead))
    assert "2 responses" in shown
    assert "Elsewhere." not in shown


def test_the_article_asks_no_more_with_responses_to_pictures_than_without(
    client: Client, article: Article, lead: Picture, inset: Picture
) -> None:
    respond(article, lead)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            page(client, article.get_absolute_url())
        counts.append(len(captured))
        respond(article, inset)
        respond(article, lead, "Once more.")
    assert counts[0] == counts[1]


# Responding ------------------------------------------------------------------------------------------------------


def test_a_reader_responds_without_javascript_and_is_led_back(article: Article, lead: Picture) -> None:
    client = Client()
    client.force_login(make_reader())
    shown = page(client, url_of(article, lead))
    assert "Responses to a picture" in shown
    assert f"/media/{lead.folder}/" in shown
    assert "Respond to part of this passage" not in shown
    fields = {**form_of(client.get(url_of(article, lead))), "body": "I was there."}
    with time_machine.travel(timezone.now() + timedelta(seconds=comment_limits.MIN_FORM_SECONDS + 3), tick=True):
        response = client.post(reverse("post_comment", args=[article.pk]), fields)
    comment = Comment.objects.get()
    assert response.headers["Location"] == f"{url_of(article, lead)}#comment-{comment.pk}"
    assert "I was there." in page(client, url_of(article, lead))
    html = page(client, article.get_absolute_url())
    assert "On the picture:" in html
    assert f'href="{article.get_absolute_url()}#picture-{lead.pk}"' in html
    assert "The bridge at dawn" in stored(comment)


def test_with_htmx_the_count_at_the_picture_is_replaced(article: Article, inset: Picture, lead: Picture) -> None:
    client = Client()
    client.force_login(make_reader())
    fields = {**form_of(client.get(url_of(article, inset), headers=HTMX)), "body": "What a cat."}
    with time_machine.travel(timezone.now() + timedelta(seconds=comment_limits.MIN_FORM_SECONDS + 3), tick=True):
        response = client.post(reverse("post_comment", args=[article.pk]), fields, headers=HTMX)
    place = place_of(inset)
    link = re.search(
        rf'<a hx-swap-oob="outerHTML:#{place} .respond-link" class="respond-link"[^>]*>1</a>', response.text
    )
    assert link is not None
    assert 'aria-label="1 response to picture 2"' in link[0]
    assert 'hx-swap-oob="innerHTML:#passage-title-' in response.text


@pytest.mark.parametrize(
    ("caption", "alt", "said"), [("", "A cat on a wall", "A cat on a wall"), ("", "", "See the picture")]
)
def test_a_picture_without_a_caption_is_named_by_its_alt_text_or_only_linked(caption: str, alt: str, said: str) -> None:
    picture = make_picture(caption=caption, alt=alt)
    placed = Placed(picture=picture, role=Role.LEAD, is_decorative=not alt)
    article = make_article(companions=Companions(pictures=[placed]))
    html = stored(respond(article, picture))
    assert said in html
    assert f"#picture-{picture.pk}" in html


@pytest.mark.parametrize("key", ["1-picture-999999", "99-picture-1", "1-picture-x", "1-picture-1-0-0"])
def test_a_key_that_names_no_picture_of_a_public_revision_selects_nothing(article: Article, key: str) -> None:
    assert selection_from_key(article, key) is None


def test_a_picture_of_another_article_cannot_be_responded_to(client: Client, article: Article) -> None:
    elsewhere = make_picture()
    make_article(companions=companions(elsewhere))
    assert client.get(url_of(article, elsewhere)).status_code == 404
    number = article.revisions.get().number
    assert selection_from_key(article, f"{number}-picture-{elsewhere.pk}") is None


# Edits -----------------------------------------------------------------------------------------------------------


def test_a_response_stays_at_its_picture_through_edits(
    client: Client, article: Article, lead: Picture, inset: Picture
) -> None:
    comment = respond(article, inset)
    save(article, inset, lead, body="Another text altogether.\n\nWith a new end.", headline="Another headline")
    article.refresh_from_db()
    assert Passage.objects.get().state == Passage.State.EXACT
    assert f'href="{article.get_absolute_url()}#picture-{inset.pk}"' in stored(comment)
    assert links_of(page(client, article.get_absolute_url())) == ["1 response to picture 1", "Respond to picture 2"]


def test_a_new_caption_changes_nothing_of_what_was_said(article: Article, lead: Picture, inset: Picture) -> None:
    comment = respond(article, lead)
    editing.edit_picture(lead, by=make_owner(), changes={"caption": "The bridge at dusk"})
    save(article, lead, inset)
    assert "The bridge at dawn" in stored(comment)
    assert "has changed" not in stored(comment)


def test_a_removed_picture_is_said_to_be_removed_and_comes_back(
    client: Client, article: Article, lead: Picture, inset: Picture
) -> None:
    comment = respond(article, inset)
    save(article, lead)
    html = stored(comment)
    assert "This picture has been removed from the article." in html
    assert "A cat on a wall" in html
    assert f"#picture-{inset.pk}" not in html
    gone = client.get(url_of(article, inset))
    assert gone.status_code == 410
    assert "This picture was removed from the article." in gone.text
    assert "This picture was removed while you were reading." in page(client, url_of(article, inset), **HTMX)
    save(article, lead, inset)
    assert "removed" not in stored(comment)
    assert links_of(page(client, article.get_absolute_url()))[1] == "1 response to picture 2"


def test_a_form_that_was_opened_before_the_picture_was_removed_still_posts(
    article: Article, lead: Picture, inset: Picture
) -> None:
    selection = selection_at(article, place_of(inset))
    assert selection is not None
    save(article, lead)
    again = selection_from_key(article, selection.key)
    assert again is not None
    comment = posting.post_comment(
        article=article, author=make_reader(), body="What a cat.", token=uuid4(), passage=again, at=timezone.now()
    )
    assert "This picture has been removed from the article." in stored(comment)


def test_a_response_outlives_a_deleted_picture(article: Article, lead: Picture, inset: Picture) -> None:
    comment = respond(article, inset)
    save(article, lead)
    inset.delete()
    save(article, lead, body="Another text altogether.")
    assert Passage.objects.get().state == Passage.State.REMOVED
    assert "A cat on a wall" in stored(comment)


def test_the_database_keeps_pictures_and_paragraphs_apart(article: Article, lead: Picture) -> None:
    respond(article, lead)
    with pytest.raises(IntegrityError, match="picture_passages_are_in_no_text"):
        Passage.objects.update(block=article.blocks.get(position=0))


# Elsewhere -------------------------------------------------------------------------------------------------------


def test_the_feed_of_the_discussion_says_which_picture(client: Client, article: Article, lead: Picture) -> None:
    respond(article, lead)
    assert "On the picture: The bridge at dawn" in client.get(reverse("article_feed", args=[article.pk])).text
