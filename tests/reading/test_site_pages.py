"""The privacy page says what the code does, and how to reach the editors."""

import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.test import Client
from django.urls import reverse

from articles.accounts.data_export import EXPORT_INTERVAL
from articles.moderation import public_log
from articles.notifications.models import Inbox, Notification
from articles.pictures.metadata import MadeWith
from articles.pictures.renditions import XMP_WIDTH
from articles.publishing import read_counts, site_pages
from articles.publishing.companions import Companions, Placed
from articles.publishing.models import SitePage
from articles.publishing.picture_html import SAID_FIRST
from articles.publishing.site_pages import SLUGS, default_page
from tests.factories import PASSWORD, make_article, make_comment, make_picture, make_reader

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
WRITES = re.compile(r"(EmailMessage|EmailMultiAlternatives|send_mail|UnsubscribableMessage)\(")
PRIVACY = default_page("privacy").body
# cases.md T10: what the page says of each kind of email, by the name of its template.
EMAIL = {
    "account/account_already_exists": "create an account with an address that has one",
    "account/email_changed": "when it is changed or removed",
    "account/email_confirm": "to confirm your email address",
    "account/email_confirmation": "to confirm your email address",
    "account/email_confirmation_signup": "to confirm your email address",
    "account/email_deleted": "when it is changed or removed",
    "account/password_changed": "when it is changed or set",
    "account/password_reset": "to reset your password",
    "account/password_reset_key": "to reset your password",
    "account/password_set": "when it is changed or set",
    "account/invitation": "to invite you to work on this site",
    "account/roles_changed": "to tell you when your role changes",
    "account/two_step_removed": "two-step verification is turned on or off",
    "account/unknown_account": "reset the password of an address that has none",
    "mfa/recovery_codes_generated": "recovery codes are generated",
    "mfa/totp_activated": "two-step verification is turned on or off",
    "mfa/totp_deactivated": "two-step verification is turned on or off",
    "mfa/webauthn_added": "a passkey or security key is added or removed",
    "mfa/webauthn_removed": "a passkey or security key is added or removed",
    "notifications/digest": "your notifications",
    "moderation/decision": "when a moderator hides a comment of yours",
    "moderation/appeal_decided": "when your appeal is decided",
    "moderation/notice_received": "to confirm that your notice of illegal content has arrived",
    "moderation/notice_decided": "and to tell you the decision",
}
NOTIFICATIONS = {
    "reply": "replies",
    "mention": "mentions",
    "written": "comments on your articles",
    **dict.fromkeys(["thread", "article", "person", "topic", "author"], "what you follow"),
    **dict.fromkeys(["hidden", "approved", "picked", "lifted"], "what editors and moderators did with your comments"),
}


def days(period: timedelta) -> str:
    return f"{period.days} days"


def test_the_privacy_page_names_every_kind_of_email() -> None:
    """cases.md T10: “mail only for your account”, while digests go out daily."""
    sent = {
        f"{path.parent.parent.name}/{path.name.removesuffix('_message.txt')}"
        for path in (ROOT / "templates").rglob("email/*_message.txt")
        if not path.name.startswith("base_")
    } | {"notifications/digest"}
    assert sent == set(EMAIL)
    assert [phrase for phrase in {*EMAIL.values(), *NOTIFICATIONS.values()} if phrase not in PRIVACY] == []
    assert set(Notification.Kind.values) == set(NOTIFICATIONS)
    # Only these write email: allauth's and ours by its templates, notifications, and the queue itself.
    modules = (ROOT / "articles").rglob("*.py")
    writers = {str(path.relative_to(ROOT)) for path in modules if WRITES.search(path.read_text("utf-8"))}
    names = ("adapter", "invitations", "role_changes", "two_step_removal")
    accounts = {f"articles/accounts/{name}.py" for name in names}
    digests = {f"articles/notifications/{name}.py" for name in ("digests", "desk_digests")}
    assert writers == {*accounts, *digests, "articles/mail/sending.py"}
    assert "in the morning what is waiting for you" in PRIVACY


def test_the_privacy_page_says_how_often_notifications_are_mailed() -> None:
    assert Inbox.MAIL == Inbox.Mail.DAILY and "You get them once a day" in PRIVACY
    assert {choice for choice in Inbox.Mail.values if choice != "daily"} == {"immediate", "weekly", "never"}
    assert "immediately, weekly or never" in PRIVACY


def test_the_privacy_page_gives_the_periods_that_the_code_keeps() -> None:
    session = days(timedelta(seconds=configured.SESSION_COOKIE_AGE))
    assert f"keeps you signed in for at most {session}" in PRIVACY
    assert f"they're deleted after {days(read_counts.RETENTION)}" in PRIVACY
    assert f"after {days(public_log.RETENTION)} it only counts" in PRIVACY
    assert timedelta(days=1) == EXPORT_INTERVAL and "once a day, and delete your account" in PRIVACY
    assert 360 <= configured.CSRF_COOKIE_AGE / 86400 <= 366 and "lasts for a year" in PRIVACY
    drafts = (ROOT / "static/js/drafts.js").read_text("utf-8")
    found = re.search(r"LONGEST_AGE = (\d+) \* 24 \* 3600 \* 1000;", drafts)
    assert found and f"haven't posted, for {found[1]} days" in PRIVACY


def test_the_privacy_page_names_every_cookie_and_what_scripts_store(client: Client) -> None:
    article = make_article()
    comment = make_comment(article)
    reading = ["/", article.get_absolute_url(), comment.get_absolute_url(), "/search/?q=boat", "/privacy/", "/archive/"]
    for url in reading:
        assert not client.get(url).cookies, url
    reader = make_reader()
    forms = [reverse("account_login"), reverse("account_signup"), reverse("account_reset_password")]
    for url in forms:
        client.get(url)
    client.post(reverse("account_login"), {"login": reader.username, "password": PASSWORD})
    client.get(reverse("settings"))
    client.post(reverse("recommend", args=[comment.pk]), {"on": "1"})
    client.post(reverse("report", args=[comment.pk]), {"reason": "spam"})
    names = set(client.cookies.keys())
    assert names and [name for name in names if f"`{name}`" not in PRIVACY] == []
    users = [
        path.name
        for path in (ROOT / "static/js").glob("*.js")
        if re.search(r"(local|session)Storage", path.read_text())
    ]
    assert sorted(users) == ["article.js", "drafts.js", "moderation.js", "site.js", "theme.js", "threads.js"]
    for stored in ("light or dark mode", "drafts", "keyboard shortcuts", "open them again without"):
        assert stored in PRIVACY
    article_script = (ROOT / "static/js/article.js").read_text("utf-8")
    kept_days, most = (re.findall(rf"^const {name} = (\d+);", article_script, re.M)[0] for name in ("DAYS", "MOST"))
    assert f"for {kept_days} days, where you stopped in each of the last {most} articles" in PRIVACY


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if default_page(slug).body])
def test_a_site_page_says_how_to_reach_the_editors(client: Client, settings: Any, slug: str) -> None:
    """cases.md T10: “write to the editors”, without an address anywhere."""
    settings.EDITOR_EMAIL = "editors@paper.example"
    html = client.get(f"/{slug}/").text
    assert '<a href="mailto:editors@paper.example">editors@paper.example</a>' in html
    assert 'href="#contact"' in html and 'id="contact"' in html
    settings.EDITOR_EMAIL = ""
    client.cookies.clear()
    html = client.get(f"/{slug}/?again").text
    assert "mailto:" not in html and "rite to the editors" not in html and "report a comment" in html


def test_the_page_on_pictures_explains_every_kind_and_how_it_is_marked(client: Client) -> None:
    """Regulation (EU) 2024/1689, article 50: readers can find out what a mark means, from the mark itself."""
    page = default_page("pictures").body
    assert [f"## {kind}" for kind in MadeWith.labels if f"## {kind}\n" not in page] == []
    assert {MadeWith.COMPOSITE, MadeWith.GENERATED} == SAID_FIRST
    assert "The words **Composite** and **Generated** stand before the caption" in page
    assert f"Files of {XMP_WIDTH} pixels or wider carry the kind" in page
    assert 'href="/pictures/"' in client.get("/").text
    assert "/pictures/</loc>" in client.get("/sitemap.xml").text


def test_the_page_of_each_picture_leads_to_what_its_kind_means(client: Client) -> None:
    picture = make_picture()
    make_article(companions=Companions(pictures=[Placed(picture=picture)]))
    facts = client.get(picture.get_absolute_url()).text.partition('<dl class="picture-facts">')[2].partition("</dl>")[0]
    assert '<a href="/pictures/">How pictures are made</a>' in facts


def test_the_migration_creates_a_page_that_an_older_site_lacks_and_no_other() -> None:
    SitePage.objects.filter(slug="pictures").delete()
    SitePage.objects.filter(slug="rules").update(body="Be kind.")
    editor = SimpleNamespace(connection=connection)
    site_pages.create_missing(cast("StateApps", apps), cast("BaseDatabaseSchemaEditor", editor))
    assert SitePage.objects.get(slug="pictures").body == default_page("pictures").body
    assert SitePage.objects.get(slug="rules").body == "Be kind."


def update_unchanged() -> None:
    """As a migration does."""
    editor = SimpleNamespace(connection=connection)
    site_pages.update_unchanged(cast("StateApps", apps), cast("BaseDatabaseSchemaEditor", editor))


def test_the_migration_leaves_pages_alone_that_editors_changed() -> None:
    page = SitePage.objects.get(slug="rules")
    page.body = "Be kind."
    page.save()
    update_unchanged()
    page.refresh_from_db()
    assert page.body == "Be kind."


def test_the_migration_updates_pages_that_have_a_former_default_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_pages, "FORMER_DEFAULTS", {sha256(b"Be kind.").hexdigest()})
    SitePage.objects.filter(slug="rules").update(body="Be kind.\r\n")
    update_unchanged()
    assert SitePage.objects.get(slug="rules").body == default_page("rules").body
