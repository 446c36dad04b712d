"""The article form: saving, steps, permissions and import detections."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.accounts.models import User
from articles.importing.models import Guess, ImportedFile
from articles.publishing import publishing, saving
from articles.publishing.companions import Companions, Lost, Quote, Related
from articles.publishing.models import Article, Author, Source
from articles.templatetags import companion_rows
from tests.desk.conftest import of_group, sign_in
from tests.desk.forms import change_url, form_of, fresh, save
from tests.factories import make_article, make_reader

pytestmark = pytest.mark.django_db

BODY = "The first paragraph is about bread.\n\nThe second one tells of salt.\n\nA third speaks of wine."


# Saving ----------------------------------------------------------------------------------------------------------


def test_a_new_article_is_written_and_laid_out_with_a_revision(client: Client, editor: User) -> None:
    answer = save(client, None, headline="Bread and salt", body=BODY, reason="First words")
    article = Article.objects.get()
    assert answer.status_code == 302
    assert (article.headline, article.slug, article.status) == ("Bread and salt", "bread-and-salt", "draft")
    assert article.blocks.count() == 3
    revision = article.revisions.get()
    assert (revision.by, revision.reason) == (editor, "First words")


def test_a_headline_is_one_line_however_it_is_typed(client: Client, editor: User) -> None:
    save(client, None, headline="A boat leaves\r\nin  the night", body=BODY)
    assert Article.objects.get().headline == "A boat leaves in the night"
    page = client.get(reverse("admin:articles_article_changelist")).text
    assert "<bdi>A boat leaves in the night</bdi>" in page


def test_an_unchanged_form_saves_nothing(client: Client, editor: User) -> None:
    article = make_article(body=BODY, companions=Companions(quotes=[Quote(text="Of bread", after=0)]))
    before = fresh(article)
    assert save(client, article).status_code == 302
    assert fresh(article).revision_number == before.revision_number
    assert fresh(article).updated_at == before.updated_at


def test_paragraphs_keep_their_ids_when_the_form_is_saved(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    before = list(article.blocks.values_list("pk", flat=True))
    save(client, article, body=BODY.replace("salt", "coarse salt"))
    assert list(article.blocks.values_list("pk", flat=True)) == before


def test_quotes_and_boxes_are_added_after_a_paragraph(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    target = make_article("Elsewhere told")
    second = article.blocks.get(position=1)
    save(
        client,
        article,
        **{
            "pull_quotes-0-text": "Salt of the earth",
            "pull_quotes-0-speaker": "Ana",
            "pull_quotes-0-after": str(second.pk),
            "related_links-0-target": f"{target} #{target.pk}",
            "related_links-0-label": "Also here",
        },
    )
    quote, box = article.pull_quotes.get(), article.related_links.get()
    assert (quote.text, quote.speaker, quote.after, quote.state) == ("Salt of the earth", "Ana", second, "alone")
    assert (box.target, box.headline, box.after) == (target, "Elsewhere told", None)
    assert "Salt of the earth" in fresh(article).body_html


def test_a_quote_may_be_edited_while_its_paragraph_is_removed(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False, companions=Companions(quotes=[Quote(text="Of salt", after=1)]))
    first, _, third = BODY.split("\n\n")
    save(client, article, body=f"{first}\n\n{third}", **{"pull_quotes-0-text": "Of salt and more"})
    quote = article.pull_quotes.get()
    assert quote.text == "Of salt and more"
    assert quote.after is not None and quote.after.position == 0


def test_a_quote_is_deleted_with_a_checkbox(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False, companions=Companions(quotes=[Quote(text="Of salt", after=1)]))
    save(client, article, **{"pull_quotes-0-DELETE": "on"})
    assert not article.pull_quotes.exists()
    assert "Of salt" not in fresh(article).body_html


def test_a_box_has_one_target_only(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    target = make_article()
    row = {"related_links-0-target": f"{target} #{target.pk}", "related_links-0-url": "https://elsewhere.example/"}
    answer = save(client, article, **row)
    assert answer.status_code == 422
    assert "not both" in answer.content.decode()


def test_the_byline_follows_its_order(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    ana, _ben = (Author.objects.create(name=name, slug=name.lower()) for name in ("Ana", "Ben"))
    save(client, article, **{"bylines-0-author": "ben", "bylines-0-order": "2"})
    save(client, article, **{"bylines-1-author": f"Ana #{ana.pk}", "bylines-1-order": "1"})
    assert [line.author.name for line in article.bylines.all()] == ["Ana", "Ben"]


def test_a_time_needs_a_date(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    save(client, article, dated="2026-02-03", time_of_day="12:48")
    dated_at = fresh(article).dated_at
    assert dated_at is not None and timezone.localtime(dated_at).isoformat().startswith("2026-02-03T12:48")
    answer = save(client, article, dated="", time_of_day="12:48")
    assert answer.status_code == 422


def test_a_refused_save_keeps_the_text_and_says_why_at_its_field(client: Client, editor: User) -> None:
    article = make_article(body=BODY)
    answer = save(client, article, dated="", body="All that I wrote.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "All that I wrote." in page
    assert "It’s part of a published article’s URL" in page
    assert fresh(article).body == BODY


def test_a_slug_in_use_gets_a_number_instead_of_an_error(client: Client, editor: User) -> None:
    make_article("The same")
    article = make_article("Another", body=BODY, published=False)
    assert save(client, article, slug="the-same").status_code == 302
    assert fresh(article).slug == "the-same-2"


def test_an_odd_identifier_is_not_found_instead_of_an_error(client: Client, editor: User) -> None:
    for odd in ("0", "999999999999999999999", "x", "²"):
        assert client.get(f"/admin/articles/article/{odd}/change/").status_code in (302, 404)


# Two editors -----------------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_refused_sees_both_texts_and_loses_nothing(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    mine = form_of(client.get(change_url(article)))
    theirs = fresh(article)
    theirs.body = BODY.replace("bread", "cake")
    saving.save_article(theirs, by=make_reader("Colleague"))
    answer = client.post(change_url(article), {**mine, "body": BODY.replace("wine", "beer"), "_save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Colleague" in page
    assert "speaks of beer" in page.split("<textarea", 2)[-1]
    assert "<del>" in page and "cake" in page
    assert "cake" in fresh(article).body
    again = client.post(change_url(article), {**form_of(answer), "_save": "1"})
    assert again.status_code == 302
    assert "beer" in fresh(article).body


def test_a_save_without_its_version_is_refused(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    assert save(client, article, base_number="", body="Mine").status_code == 422
    assert save(client, article, base_number="0", body="Mine").status_code == 422
    assert fresh(article).body == BODY


def test_a_topic_or_quote_alone_is_not_merged_silently_into_a_stale_form(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    mine = form_of(client.get(change_url(article)))
    saving.save_article(fresh(article), by=None)
    answer = client.post(change_url(article), {**mine, "pull_quotes-0-text": "Of salt", "_save": "1"})
    assert answer.status_code == 422
    assert not article.pull_quotes.exists()


# Steps -----------------------------------------------------------------------------------------------------------


def test_an_editor_publishes_and_withdraws_with_a_reason(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False)
    assert save(client, article, "_publish").status_code == 302
    assert fresh(article).is_public
    refused = save(client, article, "_withdraw")
    assert refused.status_code == 422
    assert "Give a reason for withdrawing" in refused.content.decode()
    assert fresh(article).is_public
    assert save(client, article, "_withdraw", reason="The source was forged").status_code == 302
    assert fresh(article).status == Article.Status.WITHDRAWN


def test_an_editor_writes_and_publishes_in_one_go(client: Client, editor: User) -> None:
    save(client, None, "_publish", headline="News", body=BODY)
    assert Article.objects.get().is_public


def test_a_refused_step_rolls_back_the_whole_save(client: Client, editor: User) -> None:
    answer = save(client, None, "_publish", headline="News", body="")
    assert answer.status_code == 422
    assert not Article.objects.exists()


def test_an_article_is_scheduled_in_the_sites_time_zone(client: Client, editor: User, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Athens"  # Django's test signals activate and reset it.
    article = make_article(body=BODY, published=False)
    at = (timezone.localtime() + timedelta(days=2)).replace(second=0, microsecond=0)
    assert save(client, article, "_schedule", schedule_for=at.strftime("%Y-%m-%dT%H:%M")).status_code == 302
    assert fresh(article).is_scheduled
    assert fresh(article).go_live_at == at
    assert "Europe/Athens" in client.get(change_url(article)).content.decode()


@pytest.mark.parametrize("when", ["", "2001-01-01T10:00", "nonsense"])
def test_an_unusable_schedule_is_refused(client: Client, editor: User, when: str) -> None:
    article = make_article(body=BODY, published=False)
    assert save(client, article, "_schedule", schedule_for=when).status_code == 422
    assert fresh(article).status == Article.Status.DRAFT


def test_a_forged_step_cannot_return_a_live_article_to_review(client: Client, editor: User) -> None:
    article = make_article(body=BODY)
    assert save(client, article, "_review").status_code == 422
    assert fresh(article).is_public


# Permissions -----------------------------------------------------------------------------------------------------


def test_a_writer_writes_and_sends_to_review(client: Client, writer: User) -> None:
    save(client, None, "_review", headline="News", body=BODY)
    assert Article.objects.get().status == Article.Status.REVIEW


@pytest.mark.parametrize("step", ["_publish", "_schedule", "_withdraw", "_reopen"])
def test_a_writer_cannot_publish_by_a_forged_form(client: Client, writer: User, step: str) -> None:
    article = make_article(body=BODY, published=False)
    when = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = save(client, article, step, schedule_for=when, reason="Because", body="Changed")
    assert answer.status_code == 403
    assert (fresh(article).status, fresh(article).body) == (Article.Status.DRAFT, BODY)


def test_a_writer_cannot_change_what_readers_see(client: Client, writer: User) -> None:
    article = make_article(body=BODY)
    page = client.get(change_url(article))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    answer = client.post(
        change_url(article),
        {"headline": "Mine now", "body": "Mine", "base_number": article.revision_number, "_save": "1"},
    )
    assert answer.status_code == 403
    assert fresh(article).body == BODY


def test_a_writer_is_not_offered_what_only_editors_do(client: Client, writer: User) -> None:
    page = client.get(change_url(make_article(body=BODY, published=False))).content.decode()
    assert 'name="_review"' in page
    for step in ("_publish", "_schedule", "_withdraw"):
        assert f'name="{step}"' not in page


def test_fields_that_are_not_in_the_form_are_ignored(client: Client, writer: User) -> None:
    article = make_article(body=BODY, published=False, held_reason="A word was lost")
    forged = {
        "status": "live",
        "go_live_at": "2020-01-01T00:00",
        "go_live_at_0": "2020-01-01",
        "comment_count": "99",
        "held_reason": "",
        "body_html": "<script>",
        "updated_at": "2020-01-01",
        "is_superuser": "on",
        "id": "1",
    }
    assert save(client, article, headline="Changed", **forged).status_code == 302
    now = fresh(article)
    assert (now.headline, now.status, now.go_live_at, now.comment_count) == ("Changed", "draft", None, 0)
    assert now.held_reason == "A word was lost"
    assert "<script" not in now.body_html
    writer.refresh_from_db()
    assert not writer.is_superuser


def test_a_block_of_another_article_cannot_be_chosen(client: Client, editor: User) -> None:
    article, other = make_article(body=BODY, published=False), make_article(body=BODY)
    stranger = other.blocks.get(position=0)
    answer = save(client, article, **{"pull_quotes-0-text": "Of salt", "pull_quotes-0-after": str(stranger.pk)})
    assert answer.status_code == 422


def test_rows_of_another_article_cannot_be_changed(client: Client, editor: User) -> None:
    beside = Companions(quotes=[Quote(text="Theirs", after=0)])
    other = make_article(body=BODY, companions=beside)
    article = make_article(body=BODY, published=False, companions=Companions(quotes=[Quote(text="Ours", after=0)]))
    stolen = {"pull_quotes-0-id": str(other.pull_quotes.get().pk), "pull_quotes-0-text": "Stolen"}
    save(client, article, **stolen)
    assert article.pull_quotes.get().text == "Ours"
    assert other.pull_quotes.get().text == "Theirs"


@pytest.mark.parametrize("group", ["Moderator", None])
def test_others_see_no_article_form(client: Client, group: str | None) -> None:
    article = make_article(body=BODY, published=False)
    client.force_login(of_group(group) if group else make_reader())
    assert client.get(reverse("admin:articles_article_add")).status_code in (302, 403)
    assert client.post(change_url(article), {"headline": "Mine", "_save": "1"}).status_code in (302, 403)
    assert fresh(article).headline == article.headline


def test_a_group_without_staff_status_gives_no_access(client: Client) -> None:
    person = of_group("Editor")
    User.objects.filter(pk=person.pk).update(is_staff=False)
    client.force_login(person)
    assert client.get(reverse("admin:index")).status_code in (302, 403)


# Import detections -----------------------------------------------------------------------------------------------


@pytest.fixture
def imported() -> Article:
    beside = Companions(
        quotes=[Quote(text="That's what we should do.", speaker="Pompeo", speaker_confirmed=False, after=0)],
        related=[Related(headline="Elsewhere")],
    )
    article = make_article(body=BODY, published=False, companions=beside)
    file = ImportedFile.objects.create(article=article, name="a.txt", digest="0" * 64, raw="")
    for subject, value in (("speaker", "Pompeo"), ("source", "rt.com")):
        Guess.objects.create(
            file=file, article=article, kind="guess", subject=subject, value=value, rule="label", confidence=0.6
        )
    return article


def answer_of(article: Article, subject: str, answer: str) -> dict[str, str]:
    return {f"guess-{article.guesses.get(subject=subject).pk}": answer}


def test_accepting_a_speaker_shows_it_to_readers(client: Client, editor: User, imported: Article) -> None:
    assert "Pompeo" not in imported.body_html
    save(client, imported, **answer_of(imported, "speaker", "accept"))
    guess = imported.guesses.get(subject="speaker")
    assert (guess.accepted, guess.decided_by) == (True, editor)
    assert imported.pull_quotes.get().speaker_confirmed
    assert "Pompeo" in fresh(imported).body_html


def test_accepting_a_source_sets_it_and_rejecting_removes_it(client: Client, editor: User, imported: Article) -> None:
    save(client, imported, **answer_of(imported, "source", "accept"))
    assert fresh(imported).source == Source.objects.get(name="rt.com")
    save(client, imported, **answer_of(imported, "source", "reject"))
    assert fresh(imported).source is None


def test_a_writer_sees_detections_and_decides_none(client: Client, writer: User, imported: Article) -> None:
    assert "Pompeo" in client.get(change_url(imported)).content.decode()
    save(client, imported, **answer_of(imported, "speaker", "accept"))
    assert imported.guesses.get(subject="speaker").accepted is None


def test_an_article_held_by_an_import_shows_the_reason(client: Client, editor: User) -> None:
    article = make_article(body=BODY, published=False, held_reason="The word “Putin” found no place")
    assert "The word “Putin” found no place" in client.get(change_url(article)).content.decode()


def test_hostile_text_is_harmless_at_the_desk(client: Client, editor: User) -> None:
    evil = "<script>alert(1)</script>"
    beside = Companions(quotes=[Quote(text=evil, speaker=evil)], related=[Related(headline=evil, label=evil)])
    article = make_article(evil, evil, published=False, companions=beside, held_reason=evil)
    publishing.send_to_review(article, by=None, reason=evil)
    for url in (change_url(article), reverse("admin:articles_article_history", args=[article.pk]), "/admin/"):
        assert evil not in client.get(url).content.decode()


def test_numbers_of_five_thousand_digits_break_nothing(client: Client, editor: User) -> None:
    article = make_article()
    digits = "9" * 5000  # More than `int` parses.

    def send(url: str, data: dict[str, str]) -> int:
        status: int = client.post(url, urlencode(data), content_type="application/x-www-form-urlencoded").status_code
        return status

    form = form_of(client.get(change_url(article)))
    assert send(change_url(article), {**form, f"topic-{digits}": "accept", f"guess-{digits}": "accept"}) == 302
    preview = reverse("preview_form", args=[article.pk])
    assert send(preview, {**form, "pull_quotes-TOTAL_FORMS": digits}) == 200
    number = article.revisions.values_list("number", flat=True)[0]
    decide = reverse("admin:articles_article_revision", args=[article.pk, number])
    assert send(decide, {"action": "restore", "base_number": digits, "reason": "Why not"}) == 422


def test_a_form_that_claims_a_thousand_rows_is_refused_before_they_are_built(client: Client, editor: User) -> None:
    article = make_article(published=False)
    rows = {f"{kind}-TOTAL_FORMS": "999999999" for kind in ("bylines", "pull_quotes", "related_links")}
    response = save(client, article, headline="", **rows)
    assert response.status_code == 422
    assert 'name="pull_quotes-99-text"' in response.text and 'name="pull_quotes-100-text"' not in response.text


def test_an_article_with_many_rows_is_saved(client: Client, editor: User) -> None:
    beside = Companions(
        quotes=[Quote(text=f"Quote number {number}") for number in range(30)],
        related=[Related(headline=f"Box number {number}") for number in range(30)],
    )
    article = make_article(published=False, companions=beside)
    assert len(form_of(client.get(change_url(article)))) > 900
    assert save(client, article, standfirst="New").status_code == 302
    assert fresh(article).standfirst == "New"


def test_the_form_takes_the_same_number_of_queries_for_short_and_long_articles(client: Client) -> None:
    sign_in(client, "Editor")

    def questions(rows: int) -> int:
        beside = Companions(
            quotes=[Quote(text=f"Quote {number}", after=0) for number in range(rows)],
            related=[Related(headline=f"Box {number}", target=make_article()) for number in range(rows)],
            lost=[Lost(words="first", block=0)] * rows,
        )
        article = make_article(
            body="\n\n".join([BODY] * rows), companions=beside, authors=[f"Name {n}" for n in range(rows)]
        )
        file = ImportedFile.objects.create(article=article, name="x", digest=f"{rows:064}", raw="")
        for _number in range(rows):
            Guess.objects.create(
                file=file, article=article, kind="guess", subject="date", value="x", rule="x", confidence=1
            )
        url = reverse("admin:articles_article_change", args=[article.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    assert questions(1) == questions(8) <= 24


def test_empty_rows_are_for_each_person_as_if_they_were_rendered_anew(client: Client) -> None:
    """They are rendered once. A writer may not say why a quote differs; they are numbered after the article’s rows."""
    beside = Companions(quotes=[Quote(text="Nobody was on board")])
    shown = []
    for number in range(2):
        article = make_article(published=False, companions=beside if number else None)
        for group in ("Writer", "Editor"):
            sign_in(client, group)
            page = re.sub(r'(name="(csrfmiddlewaretoken|tab)" value=")[^"]*', "", client.get(change_url(article)).text)
            companion_rows._empty_rows.clear()
            again = re.sub(r'(name="(csrfmiddlewaretoken|tab)" value=")[^"]*', "", client.get(change_url(article)).text)
            assert page == again
            assert f'name="pull_quotes-{number}-text"' in page and 'name="pull_quotes-__prefix__-text"' in page
            shown.append('name="pull_quotes-__prefix__-confirmation_reason"' in page)
    assert shown == [False, True] * 2


@pytest.mark.parametrize(("length", "rows"), [(0, 1), (40, 2), (110, 5), (300, 12)])
def test_a_headline_has_rows_for_all_of_it(client: Client, length: int, rows: int) -> None:
    """cases.md B7. Without scripts, and in engines that don't size a field by its text."""
    sign_in(client, "Editor")
    url = "/admin/articles/article/add/"
    if length:
        url = (
            f"/admin/articles/article/{make_article(('word ' * 60)[:length].strip() + '.', published=False).pk}/change/"
        )
    assert f'<textarea name="headline" cols="40" rows="{rows}"' in client.get(url).text
