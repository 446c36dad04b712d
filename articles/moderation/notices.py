"""Notices of illegal content by anyone, with or without an account, and what becomes of them."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.accounts.models import User
from articles.discussion import moderating, moderation_log
from articles.discussion.grounds import MAX_LAW_LENGTH
from articles.discussion.models import Comment, ModerationAction
from articles.errors import Refused
from articles.moderation import signals, unfounded_notices
from articles.moderation.models import Appeal, Notice, NoticedPlace
from articles.publishing.models import Article
from articles.publishing.slug_redirects import redirect_target
from articles.text.sanitizing import clean_line, clean_text

MAX_PLACES = 20  # In one notice: as many as a person can explain in one text.
MAX_EXPLANATION_LENGTH = 5_000  # Characters; as a comment.
MAX_PER_ADDRESS = 10  # Notices from one email address in a day, each with a receipt: receipts must not become a flood.
DAY = timedelta(days=1)
# After the decision, or that on an appeal: appeals are possible for six months, and courts ask who gave the notice for
# about as long. Whoever was wrong again and again is known by the decisions of 90 days, see `unfounded_notices`.
SENDER_KEPT = timedelta(days=365)
REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # Without those that look alike when read aloud or copied.
REFERENCE_LENGTH = 10  # Of 31 letters: 50 bits, which nobody guesses through a rate limit.
PLACE = re.compile(r"\S+")

Action = ModerationAction.Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who gives notice. Name and email may be empty for offences against children."""

    name: str = ""
    email: str = ""
    reader: User | None = None


def find_places(addresses: str) -> list[NoticedPlace]:
    """Return the comments and articles at these addresses, one a line, without repetitions.

    Raises:
        Refused: One is not of a public comment or article of this site, or there are none or too many.
    """
    places: dict[tuple[str, int], NoticedPlace] = {}
    for address in PLACE.findall(addresses):
        place = _place_at(address)
        if place is None:
            message = _("There’s no comment or article of this site at %(address)s.") % {"address": address[:100]}
            raise Refused(message, field="places")
        key = ("comment", place.comment_id or 0) if place.comment_id else ("article", place.article_id or 0)
        places.setdefault(key, place)
    if not places:
        raise Refused(_("Enter the address of the comment or article."), field="places")
    if len(places) > MAX_PLACES:
        raise Refused(_("Name at most %(most)d comments or articles.") % {"most": MAX_PLACES}, field="places")
    return list(places.values())


def _place_at(address: str) -> NoticedPlace | None:
    """Return the comment or article at an address of this site; also a comment that moderators have hidden."""
    path = address.removeprefix(settings.SITE_ADDRESS)
    path, _hash, fragment = path.partition("#")
    if not path.startswith("/"):
        return None
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return None
    comment_id = match.kwargs.get("comment_id") if match.url_name in ("comment", "thread") else None
    if found := re.fullmatch(r"comment-([0-9]{1,18})", fragment):
        comment_id = int(found[1])
    if comment_id is not None:
        comment = Comment.objects.in_threads().select_related("article").filter(pk=comment_id).first()
        if comment is None or not comment.article.is_public:
            return None
        url, version = comment.get_absolute_url(), comment.versions.count()
        return NoticedPlace(comment=comment, address=url, text_version=version)
    if match.url_name == "article":
        article = _article_of(match.kwargs)
        return None if article is None else NoticedPlace(article=article, address=article.get_absolute_url())
    return None


def _article_of(parts: dict[str, Any]) -> Article | None:
    """Return the public article with this address, now or earlier."""
    try:
        dated = date(parts["year"], parts["month"], parts["day"])
    except ValueError:
        return None
    article = Article.objects.public().filter(slug=parts["slug"], dated=dated).first()
    return article or redirect_target(dated, parts["slug"])


@transaction.atomic
def give_notice(
    *,
    places: Sequence[NoticedPlace],
    sender: Sender,
    explanation: str,
    law: str = "",
    good_faith: bool = False,
    about_child_abuse: bool = False,
) -> Notice:
    """Store a notice and acknowledge it by email. Places that are hidden already are answered at once.

    Raises:
        Refused: Something that the law asks for is missing or too long, the address has sent many today, or too many
            of the sender's notices were manifestly unfounded.
    """
    law, explanation, name = clean_line(law), clean_text(explanation).strip(), clean_line(sender.name)
    if not explanation:
        raise Refused(_("Explain why it is illegal."), field="explanation")
    for text, most, field in ((law, MAX_LAW_LENGTH, "law"), (explanation, MAX_EXPLANATION_LENGTH, "explanation")):
        if len(text) > most:
            raise Refused(_("Shorten this to %(most)d characters or fewer.") % {"most": most}, field=field)
    if not good_faith:
        raise Refused(_("Confirm that your notice is accurate and complete as far as you know."), field="good_faith")
    if not about_child_abuse and not name:
        raise Refused(_("Enter your name."), field="name")
    if not about_child_abuse and not sender.email:
        raise Refused(_("Enter your email address."), field="email")
    state = unfounded_notices.state_of(email=sender.email, reader=sender.reader)
    if state.is_suspended and not about_child_abuse:
        raise Refused(state.warning)
    now = timezone.now()
    recent = Notice.objects.filter(email__iexact=sender.email, created_at__gt=now - DAY, created_at__lte=now)
    if sender.email and recent.count() >= MAX_PER_ADDRESS:
        raise Refused(_("We’ve received many notices from this address today. Continue tomorrow."), retry_after=3600)
    notice = Notice.objects.create(
        reference="".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(REFERENCE_LENGTH)),
        reader=sender.reader,
        name=name,
        email=sender.email,
        law=law,
        explanation=explanation,
        good_faith=good_faith,
        about_child_abuse=about_child_abuse,
    )
    for place in places:
        place.notice, place.action = notice, _hiding_of(place.comment)
        place.save()
    signals.notice_received.send(sender=Notice, notice=notice)
    _close_if_decided(notice)
    return notice


def _hiding_of(comment: Comment | None) -> ModerationAction | None:
    """Return the decision by which a comment is hidden already."""
    if comment is None or comment.state != Comment.State.HIDDEN:
        return None
    return ModerationAction.objects.filter(comment=comment, action=Action.HIDE).first()


@transaction.atomic
def decide_place(
    *,
    place: NoticedPlace,
    by: User,
    upheld: bool,
    reason: str,
    manifestly_unfounded: bool = False,
    batch: UUID | None = None,
) -> ModerationAction:
    """Decide about one place of a notice. A comment is upheld by hiding it instead: see `note_hidden_comment`.

    Args:
        manifestly_unfounded: Of a notice that is rejected, for `unfounded_notices`.

    Raises:
        Refused: There is no reason, or the place is decided already, a comment to uphold or one's own comment.
    """
    reason = moderation_log.require_moderator(by, reason)
    Notice.objects.select_for_update().get(pk=place.notice_id)
    place = NoticedPlace.objects.select_related("notice", "comment", "article").get(pk=place.pk)
    if place.action_id is not None:
        raise Refused(_("Another moderator has just decided on this."))
    if upheld and place.comment is not None:
        raise Refused(_("Hide the comment to uphold a notice of it."))
    if place.comment is not None:
        moderating.require_may_decide(place.comment, by=by)
    action = Action.UPHOLD_NOTICE if upheld else Action.REJECT_NOTICE
    logged = moderation_log.log_action(
        action,
        by,
        reason,
        comment=place.comment,
        article=place.article,
        source=ModerationAction.Source.NOTICE,
        batch=batch,
    )
    place.action, place.manifestly_unfounded = logged, manifestly_unfounded and not upheld
    place.save(update_fields=["action", "manifestly_unfounded"])
    _close_if_decided(place.notice)
    if place.notice.state == Notice.State.REJECTED:
        unfounded_notices.log_consequences(place.notice, by=by)
    return logged


def note_hidden_comment(action: ModerationAction) -> None:
    """Answer the open notices of a comment that was just hidden. They are what led to it."""
    places = list(NoticedPlace.objects.filter(comment=action.comment, action=None).select_related("notice"))
    if places:
        action.source = ModerationAction.Source.NOTICE
        action.save(update_fields=["source"])
    for place in places:
        place.action = action
        place.save(update_fields=["action"])
        _close_if_decided(place.notice)


def reopen(action: ModerationAction) -> None:
    """Let moderators decide again about the places whose notice this action rejected."""
    places = NoticedPlace.objects.filter(action=action)
    Notice.objects.filter(places__in=places).update(state=Notice.State.OPEN, decided_at=None)
    places.update(action=None, manifestly_unfounded=False)


def erase_senders() -> int:
    """Erase name and email of senders whose notices were decided long ago. Return how many.

    The record stays: what the notice said, the decision, and the account of a sender who had one.
    """
    cutoff = timezone.now() - SENDER_KEPT
    late = NoticedPlace.objects.filter(
        Q(action__appeal__state=Appeal.State.OPEN) | Q(action__appeal__decided_at__gt=cutoff), notice=OuterRef("pk")
    )
    old = Notice.objects.filter(~Exists(late), decided_at__lte=cutoff, sender_erased_at=None)
    return old.exclude(state=Notice.State.OPEN).update(name="", email="", sender_erased_at=timezone.now())


def _close_if_decided(notice: Notice) -> None:
    """Close the notice, and announce it, once all its places are decided. One that was right makes it upheld."""
    actions = list(notice.places.values_list("action__action", flat=True))
    if not actions or None in actions:
        return
    rejected = all(action == Action.REJECT_NOTICE for action in actions)
    notice.state = Notice.State.REJECTED if rejected else Notice.State.UPHELD
    notice.decided_at = timezone.now()
    notice.save(update_fields=["state", "decided_at"])
    signals.notice_decided.send(sender=Notice, notice=notice)
