"""What is stored about people, and for how long: the table of the privacy page.

It lies above all packages, since it names the models and the periods of each. A test holds it against the models: a
field that holds something about a person has to be named here, and what happens to it when its account is deleted has
to be what the database does.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from articles.accounts import invitations
from articles.discussion.threads import last_visits
from articles.importing import import_batches
from articles.mail.sending import RETRY_DELAYS
from articles.moderation import notices
from articles.publishing import autosave


class Leaving(models.TextChoices):
    """What happens when the account is deleted."""

    DELETED = "deleted", _("Deleted")
    WITHOUT_NAME = "without name", _("Stays, without your account")
    STAYS = "stays", _("Stays")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the table."""

    what: str | Promise
    kept: str | Promise
    leaving: Leaving
    fields: dict[str, str]
    """Names of fields, with spaces between them, by the name of their model."""


@dataclass(frozen=True, slots=True)
class Part:
    title: str | Promise
    entries: tuple[Entry, ...]


def days(period: timedelta) -> int:
    """Return the days within which a period is over."""
    return ceil(period / timedelta(days=1))


WITH_ACCOUNT = _("As long as you have an account")
FOR_GOOD = _("No limit")
SESSION = timedelta(seconds=settings.SESSION_COOKIE_AGE)

TABLE = (
    Part(
        _("With and without an account"),
        (
            Entry(
                what=_("Your name and email address in a notice of illegal content"),
                kept=format_lazy(
                    _("{days} days after the decision, or that on an appeal"), days=days(notices.SENDER_KEPT)
                ),
                leaving=Leaving.STAYS,
                fields={"Notice": "name email sender_erased_at"},
            ),
            Entry(
                what=_("Notices of illegal content: what you write, and the decision"),
                kept=FOR_GOOD,
                leaving=Leaving.WITHOUT_NAME,
                fields={
                    "Notice": "reference reader law explanation created_at decided_at state",
                    "NoticedPlace": "address",
                },
            ),
            Entry(
                what=_("Emails that wait to be sent"),
                kept=format_lazy(
                    _("Until they are sent, or {days} days if that fails"), days=days(sum(RETRY_DELAYS, timedelta()))
                ),
                leaving=Leaving.DELETED,
                fields={"QueuedEmail": "sender recipients mime arguments"},
            ),
            Entry(
                what=_("Invitations to work on this site: email address, roles and the name for articles"),
                kept=format_lazy(_("{days} days after the link expires"), days=days(invitations.RETENTION)),
                leaving=Leaving.DELETED,
                fields={
                    "Invitation": "email roles byline_name token_hash accepted_by"
                    " created_at sent_at expires_at accepted_at revoked_at"
                },
            ),
            Entry(
                what=_("Numbers of accounts and comments in the queue of the server’s tasks"),
                kept=format_lazy(_("{days} days"), days=settings.TASK_RESULTS_KEPT_DAYS),
                leaving=Leaving.STAYS,
                fields={"DBTaskResult": "args_kwargs return_value traceback"},
            ),
        ),
    ),
    Part(
        _("Your account"),
        (
            Entry(
                what=_("Your name here, and what you write about yourself"),
                kept=WITH_ACCOUNT,
                leaving=Leaving.DELETED,
                fields={"User": "username name_key about first_name last_name"},
            ),
            Entry(
                what=_("Your email address"),
                kept=WITH_ACCOUNT,
                leaving=Leaving.DELETED,
                fields={"User": "email", "EmailAddress": "user email", "EmailConfirmation": "key created sent"},
            ),
            Entry(
                what=_(
                    "Your password, hashed so that nobody can read it, passkeys and the secret of two-step verification"
                ),
                kept=_("Until you change or remove them"),
                leaving=Leaving.DELETED,
                fields={"User": "password", "Authenticator": "user type data created_at last_used_at"},
            ),
            Entry(
                what=_("When you joined, when you last signed in, and when you last downloaded your data"),
                kept=WITH_ACCOUNT,
                leaving=Leaving.DELETED,
                fields={"User": "date_joined last_login exported_at"},
            ),
            Entry(
                what=_(
                    "Your sessions: network address, browser, and when you were last seen. Moderators are told if "
                    "several new accounts on one network comment on one article, not which network it is"
                ),
                kept=format_lazy(_("{days} days after you sign in, or until you sign out"), days=days(SESSION)),
                leaving=Leaving.DELETED,
                fields={
                    "UserSession": "user ip user_agent session_key data created_at last_seen_at",
                    "Session": "session_key session_data expire_date",
                },
            ),
        ),
    ),
    Part(
        _("What you write and do"),
        (
            Entry(
                what=_("Your comments, with their earlier versions and the passages that they respond to"),
                kept=_("No limit, also once you have withdrawn them: then readers can’t see them"),
                leaving=Leaving.WITHOUT_NAME,
                fields={
                    "Comment": "author body body_html html held_because risk badge token posted_at begun_at edited_at",
                    "CommentVersion": "body body_html replaced_at",
                    "CommentDocument": "body",
                    "Passage": "exact prefix suffix current_text",
                },
            ),
            Entry(
                what=_(
                    "How much words weigh for a classifier that learned from comments which moderators hid or kept. "
                    "No text can be read from it, and it isn’t trained with comments of deleted accounts"
                ),
                kept=_("Until it is trained again"),
                leaving=Leaving.STAYS,
                fields={"Classifier": "weights trained_at"},
            ),
            Entry(
                what=_("In whose comments you are mentioned"),
                kept=_("As long as the comment mentions you"),
                leaving=Leaving.DELETED,
                fields={"Mention": "reader"},
            ),
            Entry(
                what=_("Requests to quote a comment of yours, and your replies"),
                kept=_("As long as you have an account"),
                leaving=Leaving.DELETED,
                fields={"QuoteRequest": "text requested_at decided_at revoked_at state"},
            ),
            Entry(
                what=_("What you recommend, and the topics that you vote for or against, and why"),
                kept=_("Until you undo it"),
                leaving=Leaving.DELETED,
                fields={"Recommendation": "reader created_at", "Tagging": "reader created_at objection"},
            ),
            Entry(
                what=_("Topics that you were the first to suggest"),
                kept=_("As long as the topic exists"),
                leaving=Leaving.WITHOUT_NAME,
                fields={"Topic": "created_by created_at"},
            ),
            Entry(
                what=_("Comments that you report, and why"),
                kept=FOR_GOOD,
                leaving=Leaving.WITHOUT_NAME,
                fields={"Report": "reader reason note created_at decided_at"},
            ),
            Entry(
                what=_("When you last opened each article, and what was new"),
                kept=format_lazy(_("{days} days"), days=days(last_visits.RETENTION)),
                leaving=Leaving.DELETED,
                fields={"Visit": "reader began_at"},
            ),
            Entry(
                what=_("What you follow and hide, the articles that you save, and how you want to be notified"),
                kept=_("Until you change it"),
                leaving=Leaving.DELETED,
                fields={
                    "Stance": "reader person verb created_at",
                    "SavedArticle": "reader saved_at",
                    "Inbox": "reader mail feed_key desk_digest_on",
                },
            ),
            Entry(
                what=_("Your notifications, and when the next email about them is due"),
                kept=WITH_ACCOUNT,
                leaving=Leaving.DELETED,
                fields={"Notification": "reader kind created_at read_at", "ScheduledDigest": "reader due_at"},
            ),
        ),
    ),
    Part(
        _("Moderation"),
        (
            Entry(
                what=_("Bans and suspensions that are in force, and why"),
                kept=_("Until they end"),
                leaving=Leaving.DELETED,
                fields={"User": "banned_at banned_reason banned_until suspended_until suspended_reason"},
            ),
            Entry(
                what=_("What moderators decided about you or your comments, under which rule and why"),
                kept=FOR_GOOD,
                leaving=Leaving.WITHOUT_NAME,
                fields={
                    "ModerationAction": "by reader action reason law facts created_at ends_at seen_at overturned_at"
                },
            ),
            Entry(
                what=_("Your appeals, and the decisions on them"),
                kept=FOR_GOOD,
                leaving=Leaving.WITHOUT_NAME,
                fields={"Appeal": "by text created_at decided_at"},
            ),
            Entry(
                what=_(
                    "A code made from the email address of a banned account, from which nobody can read the address"
                ),
                kept=_("Until the ban ends"),
                leaving=Leaving.WITHOUT_NAME,
                fields={"BannedAddress": "key reader ends_at"},
            ),
        ),
    ),
    Part(
        _("If you work here"),
        (
            Entry(
                what=_("Your roles"),
                kept=_("Until an owner changes them"),
                leaving=Leaving.DELETED,
                fields={"User_groups": "user", "User_user_permissions": "user"},
            ),
            Entry(
                what=_("Invitations that you sent"),
                kept=format_lazy(_("{days} days after the link expires"), days=days(invitations.RETENTION)),
                leaving=Leaving.WITHOUT_NAME,
                fields={"Invitation": "invited_by"},
            ),
            Entry(
                what=_("Which case of moderation you are deciding on"),
                kept=_("Until it is decided, or for two hours"),
                leaving=Leaving.DELETED,
                fields={"Claim": "by ends_at"},
            ),
            Entry(
                what=_("Unsaved changes of your open forms"),
                kept=format_lazy(_("{days} days"), days=days(autosave.KEPT_FOR)),
                leaving=Leaving.DELETED,
                fields={"Autosave": "person tab fields saved_at seen_at"},
            ),
            Entry(
                what=_("Files that you upload for an import"),
                kept=format_lazy(_("{days} days"), days=days(import_batches.KEPT_FOR)),
                leaving=Leaving.DELETED,
                fields={
                    "ImportBatch": "uploaded_by uploaded_at finished_at",
                    "UploadedFile": "name content edits verdicts report reason",
                },
            ),
            Entry(
                what=_("The desk’s log of what you change in lists and settings"),
                kept=WITH_ACCOUNT,
                leaving=Leaving.DELETED,
                fields={"LogEntry": "user action_time object_id object_repr change_message"},
            ),
            Entry(
                what=_("Your name and portrait as an author, and the notes that you leave at articles"),
                kept=_("As long as the article or the page about you exists"),
                leaving=Leaving.WITHOUT_NAME,
                fields={
                    "Author": "user name slug about",
                    "DeskNote": "by text made_at resolved_by resolved_at",
                },
            ),
            Entry(
                what=_("What the file of a picture says of who made it, when, where and with what"),
                kept=_("As long as the picture exists"),
                leaving=Leaving.STAYS,
                fields={
                    "Picture": "file_name creator credit copyright_notice place taken_at keywords metadata origins"
                },
            ),
            Entry(
                what=_("What you change here: articles, pictures, links, topics, settings of moderation"),
                kept=_("As long as what you changed exists"),
                leaving=Leaving.WITHOUT_NAME,
                fields={
                    "Article": "publish_requested_by",
                    "ArticleTopic": "decided_by",
                    "ClosedTopics": "by closed_at reason",
                    "TopicAction": "by created_at reason",
                    "Comment": "picked_by picked_at",
                    "Correction": "by made_at",
                    "FormerCaption": "replaced_by replaced_at",
                    "Guess": "decided_by",
                    "HoldRule": "changed_by changed_at",
                    "ImportedFile": "imported_by imported_at",
                    "LinkTarget": "fix_by",
                    "Picture": "uploaded_by uploaded_at",
                    "Pin": "by",
                    "PullQuote": "confirmed_by confirmation_reason",
                    "QuoteRequest": "requested_by",
                    "Revision": "by created_at reason removed_by removed_at decided_by decision_reason",
                },
            ),
        ),
    ),
)
