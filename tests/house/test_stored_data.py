"""The privacy page's table names everything that is stored about people, and says what becomes of it."""

import re
from collections import Counter
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from articles.accounts.models import User
from articles.stored_data import TABLE, Entry, Leaving, days
from articles.web import cache_backend

# Fields that could hold something about a person, and hold nothing of the kind. What is published about people in
# articles isn't their account's: it stands in articles alone.
IMPERSONAL = {
    "Article": "headline slug headline_key standfirst body body_html language place source_url status held_reason"
    " comments_closed_reason dated dated_at go_live_at withdrawn_at sort_at created_at updated_at comments_closed_at",
    "ArticleTopic": "state created_at before_merge other_before_merge",
    "Block": "source html",
    "Classifier": "kind",
    "Clause": "title body",
    "Comment": "path state held_by",
    "ContentType": "app_label model",
    "Correction": "text",
    "DBTaskResult": "status task_path worker_ids queue_name backend_name exception_class_path",
    "FormerCaption": "caption credit_line",
    "Group": "name",
    "Guess": "kind subject value rule original result",
    "HeadlineImage": "made_of folder",
    "HoldRule": "name mode",
    "ImportedFile": "name digest encoding raw",
    "Link": "place words not_fixed_reason",
    "JobRun": "job",
    "LinkTarget": "url host state cause moved_to fix_url fix_reason checked_at last_working_at failing_since due_at",
    "LostLink": "words raw",
    "Passage": "state",
    "Permission": "name codename",
    "Picture": "sha256 original alt caption source made_with rights license_url usage_terms folder renditions failure"
    " licensed_until renditions_due_at",
    "PicturePlacement": "role alt caption",
    "PullQuote": "text speaker role state nearest_text confirmed_digest",
    "QueuedEmail": "composer",
    "RelatedLink": "label headline headline_key raw url",
    "RenamedSlug": "kind slug",
    "Report": "state",
    "Revision": "note removal_notice state headline standfirst body companions public_at due_at",
    "RulesVersion": "title body",
    "SearchDocument": "headline standfirst body topics authors",
    "Section": "name slug",
    "SitePage": "slug title body body_html",
    "SiteSettings": "name accent time_zone language logo logo_digest editor_email phone contact_languages"
    " authorities_email security_email police_contact legal_name postal_address register responsible owners"
    " public_funds",
    "SlugRedirect": "slug",
    "Source": "name address",
    "Topic": "name name_key slug about",
    "TopicAction": "kind name",
    "UploadedFile": "state",
    "VocabularyWord": "word beginning ending",
    "WatchedWord": "text folded first effect",
    "Appeal": "state",
    "ModerationAction": "source batch",
    "Pin": "until",
}
# What text, addresses and hashes are stored in.
WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)
MOMENTS = (models.DateField, models.DateTimeField)


def entries() -> list[Entry]:
    return list(chain.from_iterable(part.entries for part in TABLE))


def named(by_model: dict[str, str]) -> list[str]:
    return [f"{model}.{name}" for model, names in by_model.items() for name in names.split()]


def fields() -> dict[str, models.Field[Any, Any]]:
    found = apps.get_models(include_auto_created=True)
    return {f"{model.__name__}.{field.name}": field for model in found for field in model._meta.concrete_fields}


def is_of_people(model: type[models.Model]) -> bool:
    return model is User or any(field.related_model is User for field in model._meta.concrete_fields)


def could_be_personal(field: models.Field[Any, Any]) -> bool:
    """Accounts, anything with words in it, and when people did something."""
    if field.primary_key and not isinstance(field, models.CharField):
        return field.related_model is User
    return (
        field.related_model is User
        or isinstance(field, (*WORDS, models.UUIDField))
        or (isinstance(field, MOMENTS) and is_of_people(field.model))
    )


def test_every_field_that_could_hold_something_about_a_person_is_listed_or_known_not_to() -> None:
    listed = Counter(chain(named(IMPERSONAL), *(named(entry.fields) for entry in entries())))
    assert [name for name, number in listed.items() if number > 1] == []
    assert sorted(name for name, field in fields().items() if could_be_personal(field) and name not in listed) == []
    assert sorted(name for name in listed if name not in fields()) == []


def test_accounts_and_addresses_are_never_impersonal() -> None:
    personal = (models.EmailField, models.GenericIPAddressField)
    of_the_publication = "SiteSettings"
    for name in named(IMPERSONAL):
        field = fields()[name]
        assert field.related_model is not User, name
        assert not isinstance(field, personal) or name.startswith(of_the_publication), name


def test_the_table_says_what_the_database_does_when_an_account_is_deleted() -> None:
    by_hand = {"Invitation.accepted_by"}  # Deleted by account_deletion, with the invitation.
    for entry in entries():
        for name in named(entry.fields):
            relation = fields()[name]
            if relation.related_model is User and name not in by_hand:
                rule = relation.remote_field.on_delete if relation.remote_field else None
                deleted = rule is models.CASCADE
                assert deleted == (entry.leaving == Leaving.DELETED), name
                assert entry.leaving != Leaving.STAYS, name


@pytest.mark.django_db
def test_the_privacy_page_shows_the_whole_table(client: Client) -> None:
    page = client.get("/privacy/").text
    shown = page.partition('id="stored"')[2].partition('id="contact"')[0]
    assert len(re.findall("<tr", shown)) == len(entries()) + len(TABLE)
    for period in ("180 days", "30 days after you sign in", "7 days", "14 days", "3 days if that fails"):
        assert period in shown
    assert 'href="#stored"' in page
    assert 'id="stored"' not in client.get("/rules/").text


def test_periods_are_told_in_whole_days_that_are_long_enough() -> None:
    assert [days(timedelta(hours=hours)) for hours in (24, 25, 60)] == [1, 2, 3]


@pytest.mark.django_db
def test_network_addresses_of_rate_limits_are_deleted_once_they_are_over() -> None:
    table = cache_backend.ReliableDatabaseCache("articles_cache", {})
    table.set("limit:198.51.100.7", 1, timeout=-1)
    table.set("limit:198.51.100.8", 1, timeout=3600)
    cache_backend.delete_expired()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM articles_cache")
        keys = [key for (key,) in cursor.fetchall()]
    assert [key for key in keys if "198.51.100" in key] == [":1:limit:198.51.100.8"]
