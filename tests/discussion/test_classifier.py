"""The site's own classifier: what it learns from decisions, what it may hold, and what it never keeps.

All texts are made of harmless words: what is “bad” here is about garden gnomes.
"""

import re
from array import array
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import StringIO
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.accounts import account_deletion
from articles.accounts.models import User
from articles.discussion import (
    classifier_training,
    comment_classifier,
    comment_editing,
    hold_rules,
    moderating,
    posting,
)
from articles.discussion.classifier_training import HOLD_PRECISION, MIN_CAUGHT, MIN_EXAMPLES, lowest_threshold, measure
from articles.discussion.comment_classifier import ANY, NEUTRAL, features_of
from articles.discussion.hold_rules import Mode
from articles.discussion.models import Classifier, Comment, ModerationAction
from articles.discussion.watched_words import tokens_of
from articles.errors import Refused
from articles.publishing.community_rules import current_clauses
from newsroom import scheduler
from tests.factories import make_article, make_owner, make_reader
from tests.moderation.cases import make_moderator

pytestmark = pytest.mark.django_db

HARBOUR = "harbour lantern boat salt tide quay rope herring pilot fog bell ferry mast anchor gull pier".split()
GNOMES = "gnome bargain garden plastic discount collector beard wheelbarrow catalogue shipment".split()


class Writer:
    """Writes comments of the past and decides on them, without the posting of each."""

    def __init__(self) -> None:
        self.random, self.article, self.author, self.moderator = Random(1), make_article(), make_reader(), make_owner()

    def text(self, words: Iterable[str], number: int = 9) -> str:
        return " ".join(self.random.choices([*words, "the", "and", "was", "with"], k=number))

    def write(self, bodies: Iterable[str], *, rule: int | None = None, author: User | None = None) -> None:
        """Write comments between eight and sixty days ago, and hide them under a rule, if one is given."""
        now = timezone.now()
        comments = Comment.objects.bulk_create(
            Comment(
                article=self.article,
                author=author or self.author,
                body=body,
                body_html=f"<p>{body}</p>",
                state=Comment.State.VISIBLE if rule is None else Comment.State.HIDDEN,
                posted_at=now - timedelta(days=self.random.uniform(8, 60)),
                token=uuid4(),
            )
            for body in bodies
        )
        if rule is not None:
            clause = current_clauses().get(number=rule)
            ModerationAction.objects.bulk_create(
                ModerationAction(action="hide", by=self.moderator, reason="So", comment=comment, clause=clause)
                for comment in comments
            )


@pytest.fixture
def writer() -> Writer:
    return Writer()


@pytest.fixture
def trained(writer: Writer) -> list[Classifier]:
    """Rule 2 is about gnomes. What is hidden under rule 1 reads like everything else."""
    writer.write([writer.text(HARBOUR) for _ in range(300)])
    writer.write([writer.text(GNOMES) for _ in range(70)], rule=2)
    writer.write([writer.text(HARBOUR) for _ in range(60)], rule=1)
    return classifier_training.train()


def post(body: str, author: User | None = None) -> Comment:
    return posting.post_comment(article=make_article(), author=author or make_reader(), body=body, token=uuid4())


SPAM = "A bargain: the garden gnome with a plastic beard, at a discount for every collector of our catalogue"


def test_it_holds_only_the_kind_that_it_tells_apart_and_says_why(trained: list[Classifier], client: Client) -> None:
    by_kind = {row.kind: row for row in trained}
    assert set(by_kind) == {ANY, "1", "2"}
    gnomes, others = by_kind["2"], by_kind["1"]
    assert gnomes.threshold is not None and gnomes.precision >= HOLD_PRECISION and gnomes.auc > 0.95
    assert others.threshold is None and others.precision < HOLD_PRECISION and others.auc < 0.8
    author = make_reader()
    comment = post(SPAM, author)
    assert (comment.state, comment.held_by) == ("held", "classifier")
    client.force_login(author)
    page = client.get(comment.get_absolute_url()).text
    rule = current_clauses().get(number=2)
    assert f"It looks like comments that moderators have hidden under “{rule}”." in page
    assert re.search(r"Words that weighed: “(gnome|bargain|garden|plastic|beard|discount|collector|catalogue)”", page)
    assert post("The ferry and the pilot with a lantern, and the tide was with the boat").state == "visible"


def test_an_edit_that_takes_the_words_away_publishes_the_comment(trained: list[Classifier]) -> None:
    author = make_reader()
    comment = post(SPAM, author)
    assert comment.risk > NEUTRAL
    comment = comment_editing.edit_comment(comment=comment, by=author, body="The ferry and the fog with the pilot boat")
    comment.refresh_from_db()
    assert comment.state == "visible" and comment.risk < NEUTRAL


def test_a_moderator_sees_its_figures_and_what_weighs(trained: list[Classifier], client: Client) -> None:
    client.force_login(make_moderator())
    page = client.get(reverse("hold_rules")).text
    assert "Holds comments" in page and "Orders the list" in page and "Trained on" in page
    assert "Comments like hidden ones" in page
    assert re.search(r"Words that weigh most for “2\..*?”:\s+“<bdi>[^<]+", page)


def test_a_site_without_one_says_when_it_is_trained(client: Client) -> None:
    client.force_login(make_moderator())
    assert "It hasn’t learned anything yet." in client.get(reverse("hold_rules")).text
    assert post(SPAM).state == "visible"


def test_it_stops_itself_like_any_rule(trained: list[Classifier]) -> None:
    moderator = make_moderator()
    for number in range(hold_rules.MIN_DECIDED):
        comment = post(f"{SPAM} {number}")
        assert comment.held_by == "classifier"
        moderating.approve(comment=comment, by=moderator, reason="Gnomes are fine here")
    assert hold_rules.modes()["classifier"] == Mode.FLAG
    comment = post(f"{SPAM} once more")
    assert comment.state == "visible" and comment.reports.get().note == "Comments like hidden ones"


def test_the_queue_shows_first_what_is_likely_fine(trained: list[Classifier], client: Client) -> None:
    hold_rules.set_mode("newcomer", Mode.HOLD, by=make_owner())
    comments = [
        post(f"{body} https://a.example https://b.example https://c.example")
        for body in (SPAM, "The ferry and the fog with the pilot boat", "The gnome and the ferry")
    ]
    assert comments[0].risk > comments[2].risk > comments[1].risk
    client.force_login(make_moderator())
    page = client.get(reverse("moderation") + "?show=held").text
    assert [int(number) for number in re.findall(r'id="case-(\d+)"', page)] == [comment.pk for comment in comments]
    link = re.search(r'href="([^"]*order=likely-fine)"', page)
    assert link is not None
    page = client.get(link[1].replace("&amp;", "&")).text
    order = [comments[1], comments[2], comments[0]]
    assert [int(number) for number in re.findall(r'id="case-(\d+)"', page)] == [comment.pk for comment in order]
    url = re.search(r'class="open-case" href="([^"]*)"', page)
    for comment, following in zip(order, [*order[1:], order[0]], strict=True):  # The way through the cases is the same.
        assert url is not None and f"/cases/{comment.pk}/" in url[1]
        page = client.get(url[1].replace("&amp;", "&")).text
        url = re.search(r'href="([^"]*)" data-key="j"', page)
        assert url is not None and f"/cases/{following.pk}/" in url[1] and "order=likely-fine" in url[1]
    previous = re.search(r'href="([^"]*)" data-key="k"', page)
    assert previous is not None and f"/cases/{order[1].pk}/" in previous[1]


def test_posting_asks_one_query_for_it_whether_or_not_it_is_trained(
    trained: list[Classifier], django_assert_num_queries: Any
) -> None:
    def find() -> str:
        return hold_rules.BY_NAME["classifier"].finds(
            hold_rules.Draft(author, "The ferry and the fog with the pilot boat")
        )

    author = make_reader()
    find()  # Loads the weights, once a process.
    with django_assert_num_queries(1):
        assert find() == ""
    Classifier.objects.all().delete()
    with django_assert_num_queries(1):
        assert find() == ""


def test_another_training_is_used_at_once(trained: list[Classifier]) -> None:
    assert post(SPAM).state == "held"
    row = Classifier.objects.get(kind="2")
    row.weights = comment_classifier.pack(array("f", bytes(4 * comment_classifier.SIZE)))
    row.trained_at, row.bias = timezone.now(), -9.0
    row.save()
    Classifier.objects.filter(kind=ANY).update(threshold=None)
    row = Classifier.objects.get(kind=ANY)
    row.trained_at = timezone.now()
    row.save()
    assert post(f"{SPAM} again").state == "visible"


# What it learns from ---------------------------------------------------------------------------------------------


def test_nothing_that_can_be_read_is_stored_and_retraining_drops_who_has_left(writer: Writer) -> None:
    leaving = make_reader("Leaver")
    writer.write([writer.text(HARBOUR) for _ in range(300)])
    writer.write([writer.text(GNOMES) for _ in range(60)], rule=2)
    writer.write([f"zymurgy {writer.text(GNOMES)}" for _ in range(60)], rule=2, author=leaving)
    classifier_training.train()
    weight = comment_classifier._of_word("zymurgy")

    def learned() -> float:
        model = next(model for model in comment_classifier.models() if model.kind == ANY)
        return sum(model.weights[feature] for feature in weight)

    before = learned()
    assert before > 0
    stored = Classifier.objects.get(kind=ANY)
    assert b"zymurgy" not in comment_classifier.unpack(stored.weights).tobytes()
    account_deletion.delete_account(reader=leaving)
    classifier_training.train()
    # Nothing is left but what others' words share with it by chance.
    assert learned() < before / 4


@pytest.mark.parametrize("missing", ["bad", "good"])
def test_one_class_is_refused_with_a_sentence(writer: Writer, missing: str) -> None:
    if missing == "bad":
        writer.write([writer.text(HARBOUR) for _ in range(MIN_EXAMPLES)])
    else:
        writer.write([writer.text(GNOMES) for _ in range(MIN_EXAMPLES)], rule=2)
    with pytest.raises(
        CommandError, match=r"^There’s nothing to tell apart yet: no comment (was hidden|has stayed)[^.]*\.$"
    ):
        call_command("train_classifier")
    assert not Classifier.objects.exists()


def test_too_few_decisions_are_refused_and_leave_what_was_learned(trained: list[Classifier], writer: Writer) -> None:
    Comment.objects.filter(state=Comment.State.HIDDEN).update(posted_at=timezone.now() - timedelta(days=400))
    writer.write([writer.text(GNOMES) for _ in range(3)], rule=2)
    with pytest.raises(Refused, match=r"3 hidden comments and .* It takes 50 of each"):
        classifier_training.train()
    classifier_training.train_if_possible()  # As the worker does every day.
    assert Classifier.objects.count() == len(trained)


def test_the_worker_trains_it_anew_every_day(trained: list[Classifier]) -> None:
    scheduler.run_jobs(scheduler.DAILY_JOBS)
    anew = Classifier.objects.values_list("trained_at", flat=True)
    assert len(anew) == len(trained) and min(anew) > max(row.trained_at for row in trained)


def test_the_command_prints_what_it_can_do(trained: list[Classifier]) -> None:
    out = StringIO()
    call_command("train_classifier", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(trained) + 1 and lines[0].startswith("all rules: measured with ")
    assert re.search(r"rule 2: .* AUC (0\.9|1\.0)\d, precision (0\.[89]|1\.0)", out.getvalue())
    assert lines[-1].startswith("Holds ") and "2" in lines[-1]


def test_what_is_no_example(writer: Writer) -> None:
    writer.write(["a visible one of the pier", "reported by somebody on the quay", "too new for the harbour"])
    writer.write(["hidden by mistake in the fog", "withdrawn from the ferry", "of an account that is gone"], rule=2)
    of = {comment.body: comment for comment in Comment.objects.all()}

    def change(body: str, **fields: Any) -> None:
        Comment.objects.filter(pk=of[body].pk).update(**fields)

    change("reported by somebody on the quay", report_count=1)
    change("too new for the harbour", posted_at=timezone.now())
    change("hidden by mistake in the fog", state="visible")
    change("withdrawn from the ferry", state="withdrawn")
    change("of an account that is gone", author=None)
    examples, weight = classifier_training.read_examples()
    expected = [
        frozenset(features_of(tokens_of(body)))
        for body in ("a visible one of the pier", "hidden by mistake in the fog")
    ]
    assert sorted(map(sorted, (example.features for example in examples))) == sorted(map(sorted, expected))
    assert not any(example.bad for example in examples) and weight == 1.0


def test_of_many_comments_that_stayed_a_sample_stands_for_all(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier_training, "MAX_GOOD", 20)
    writer.write([writer.text(HARBOUR, 20) for _ in range(100)])
    examples, weight = classifier_training.read_examples()
    assert len(examples) == 20 and weight == 5.0


def test_a_text_that_was_posted_many_times_is_one_example(writer: Writer) -> None:
    writer.write([SPAM] * 30, rule=2)
    writer.write([SPAM.upper()] * 2, rule=2)
    examples, _weight = classifier_training.read_examples()
    assert len(examples) == 1


# Figures ---------------------------------------------------------------------------------------------------------


def test_precision_counts_good_comments_as_they_occur() -> None:
    scored = [(2.0, True)] * 20 + [(2.0, False)] * 2 + [(-2.0, False)] * 98
    assert measure(scored, 0.0, good_weight=1).precision == pytest.approx(20 / 22)
    assert measure(scored, 0.0, good_weight=50).precision == pytest.approx(20 / 120)
    assert lowest_threshold(scored, good_weight=1) == 2.0
    assert lowest_threshold(scored, good_weight=50) is None


def test_a_few_that_were_caught_say_nothing() -> None:
    scored = [(2.0, True)] * (MIN_CAUGHT - 1) + [(-2.0, False)] * 100
    assert lowest_threshold(scored, good_weight=1) is None


@pytest.mark.parametrize(
    ("scored", "auc"),
    [
        ([(1.0, True), (0.0, False)], 1.0),
        ([(0.0, True), (1.0, False)], 0.0),
        ([(0.0, True), (0.0, False)], 0.5),
        ([(2.0, True), (0.0, True), (1.0, False), (0.0, False)], 0.625),
        ([(1.0, True)], 0.5),
        ([], 0.5),
    ],
)
def test_auc_is_the_share_of_pairs_in_the_right_order(scored: list[tuple[float, bool]], auc: float) -> None:
    assert measure(scored, 0.0, good_weight=1).auc == auc


def test_the_database_refuses_one_that_holds_without_precision() -> None:
    row = Classifier(kind="1", trained_at=datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone()))
    row.weights, row.bias, row.bad, row.good = b"", 0.0, 1, 1
    row.auc, row.caught, row.good_held, row.threshold, row.precision = 0.9, 0.5, 0.01, 0.0, 0.79
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.threshold = None
    row.save()


@pytest.mark.parametrize("text", ["", "!!!", "\u200b", "a", "ה" * 5000, "word " * 1000, "\ufdfa" * 100])
def test_any_text_has_a_score(trained: list[Classifier], text: str) -> None:
    features = features_of(tokens_of(text))
    for model in comment_classifier.models():
        assert -100 < model.score(features) < 100
    assert 0 <= comment_classifier.risk(comment_classifier.models(), features) <= 100


def test_disguised_words_weigh_as_plain_ones() -> None:
    plain = features_of(tokens_of("gnome"))
    assert features_of(tokens_of("gnöme")) == features_of(tokens_of("gnom3")) == plain
    assert features_of(tokens_of("G N O M E")) >= plain  # And what is left without the first or the last letter.
