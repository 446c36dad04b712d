"""Every address has a policy: who may ask for it. A new address without one fails here."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from articles.discussion.models import Comment, Recommendation, Report
from articles.publishing.models import Article
from tests import factories

EVERYONE = {
    *(
        "healthz",
        "readyz",
        "front",
        "article",
        "author",
        "authors",
        "section",
        "sections",
        "reader",
        "archive",
        "archive_year",
        "archive_month",
    ),
    *(
        "archive_day",
        "year",
        "month",
        "day",
        "feed",
        "json_feed",
        "sitemap",
        "sitemap_year",
        "robots",
        "favicon",
        "accent",
        "logo",
        "manifest",
        "service_worker",
        "offline",
        "well_known_change_password",
        "security_txt",
        "rules",
        "privacy",
        "how_pictures_are_made",
    ),
    *("contact", "imprint", "masthead", "ethics", "corrections_policy", "accessibility"),
    *(
        "topics",
        "topic_log",
        "topic",
        "search",
        "comment",
        "thread",
        "comment_versions",
        "replied_version",
        "new_comment_ids",
    ),
    *("new_comments", "author_replies", "passage", "follow"),
    *("standing", "rules_versions", "rules_version", "moderation_log", "moderation_log_feed"),
    *("moderation_counts", "moderation_counts_csv"),
    *("give_notice", "report"),  # To report needs an account; its page offers strangers the notice, which doesn't.
    *("section_feed", "author_feed", "topic_feed", "article_feed", "thread_feed", "reader_feed"),
    *("history", "edition", "comparison", "corrections", "corrections_feed", "picture", "rendition"),
}
READERS = {
    *(
        "settings",
        "export",
        "delete_account",
        "post_comment",
        "preview_comment",
        "reply",
        "edit_comment",
        "withdraw_comment",
    ),
    *("decide_quote_request", "recommend", "tag_article", "suggest_topics", "suggest_readers"),
    *("inbox", "email_settings", "following", "own_comments", "save_article", "saved_articles"),
    *("own_decisions", "decision", "appeal"),
}
MODERATORS = {
    *(
        "moderation",
        "ban_author",
        "hide_comment",
        "restore_comment",
        "approve_comment",
        "dismiss_reports",
        "close_discussion",
    ),
    *("reopen_discussion", "ban_reader", "unban_reader", "hide_comments", "restore_comments"),
    *("case", "claim_case", "decide_selected", "undo_decision"),
    *("hold_rules", "warn_author", "suspend_reader", "unsuspend_reader", "review_appeal", "decide_notice"),
}
EDITORS = {
    *(
        "request_quote",
        "pick_comment",
        "unpick_comment",
        "approve_topic",
        "reject_topic",
        "preview_new",
        "preview_site_page",
        "preview",
    ),
    "preview_form",
    "paste",
    *("upload_pictures", "picture_card", "original_picture"),
    *("import_articles", "import_batch", "preview_import"),
}
OWNERS = {
    "remove_two_step",
    *(
        "site_settings",
        "publisher",
        "people",
        "change_roles",
        "remove_roles",
        "resend_invitation",
        "withdraw_invitation",
    ),
}
TOKEN_HOLDERS = {
    "metrics",  # The operator's monitoring has it.
    "setup",  # Closed for ever once there is an owner.
    "unsubscribe",  # The token stands in each mail.
    "invitation",  # An owner sent it to an address.
    "shared_draft",  # An editor gave the link to somebody.
    "notice",  # Its sender got the reference.
    "inbox_feed",  # The reader made it and gave it to a program.
}
ALLAUTH = ("account_", "mfa_", "usersessions_")  # Its own views, with its own tests.


def addresses() -> Iterator[str]:
    def walk(resolver: Any) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                if pattern.namespace != "admin":
                    yield from walk(pattern)
            elif isinstance(pattern, URLPattern):
                assert pattern.name, f"{pattern} has no name"
                yield pattern.name

    yield from sorted(set(walk(get_resolver())))


def address(name: str, article: Article, comment: Comment) -> str:
    shown = factories.author_of(comment)
    for arguments in (
        [],
        [article.pk]
        if "article" in name or name == "author_replies" or "discussion" in name or "preview" in name or "post" in name
        else [comment.pk],
        [shown.pk if "ban" in name or "suspend" in name else shown.username],
        [article.slug],
        ["story", article.pk],
        ["comment", comment.pk],
        [uuid4()],
        [article.pk, comment.pk],
    ):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for {name}")


@pytest.fixture
def article(db: None) -> Article:
    return factories.make_article()


@pytest.fixture
def comment(article: Article) -> Comment:
    return factories.make_comment(article)


def test_every_address_has_a_policy() -> None:
    known = EVERYONE | READERS | MODERATORS | EDITORS | OWNERS | TOKEN_HOLDERS
    ours = {name for name in addresses() if not name.startswith(ALLAUTH)}
    assert ours == known


@pytest.mark.parametrize("name", sorted(READERS | MODERATORS | EDITORS | OWNERS))
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_for_everyone_is_not_given_to_strangers(
    client: Client, article: Article, comment: Comment, name: str, method: str
) -> None:
    response = getattr(client, method)(address(name, article, comment))
    # 422: the form's own page with the text that a stranger, signed out meanwhile, had typed; and nothing was done.
    assert response.status_code in (302, 403, 404, 405) or (method == "post" and response.status_code == 422)
    if response.status_code == 302:
        target = response["Location"]
        assert target.startswith(("/accounts/login/", article.get_absolute_url())), target
    assert list(Comment.objects.values_list("body", "state")) == [(comment.body, comment.state)]
    assert not Recommendation.objects.exists()
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", sorted(MODERATORS | EDITORS | OWNERS))
@pytest.mark.parametrize("method", ["get", "post"])
def test_power_is_not_given_to_readers(
    signed_in: Client, article: Article, comment: Comment, name: str, method: str
) -> None:
    response = getattr(signed_in, method)(address(name, article, comment))
    assert response.status_code in (403, 404, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "reader"])
def test_the_admin_is_for_staff(who: str) -> None:
    client = Client()
    if who == "reader":
        client.force_login(factories.make_reader())
    for model in admin.site._registry:
        for action in ("changelist", "add"):
            place = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}")
            response = client.get(place)
            assert response.status_code in (302, 403, 404), place
            if response.status_code == 302:
                assert "/login/" in response["Location"], place


@pytest.mark.django_db
def test_the_way_to_ownership_closes_with_the_first_owner(client: Client) -> None:
    assert client.get(reverse("setup")).status_code in (200, 403, 404)
    factories.make_owner()
    assert client.get(reverse("setup")).status_code == 404
    assert client.post(reverse("setup")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/topics/", "/search/", "/archive/", "/rules/", "/privacy/", "/accounts/login/"])
def test_a_stranger_gets_no_cookie_until_a_form_stands_there(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert bool(response.cookies) == (path == "/accounts/login/")
    assert isinstance(response.wsgi_request.user, AnonymousUser) or not response.wsgi_request.user.is_authenticated
