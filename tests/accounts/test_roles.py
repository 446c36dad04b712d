"""What the three roles may do."""

import pytest
from django.contrib.auth.models import Group, Permission

from articles.accounts import roles

pytestmark = pytest.mark.django_db


def verbs(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_a_migrated_database_has_exactly_the_permissions_of_the_table() -> None:
    held = Permission.objects.values_list("group__name", "content_type__app_label", "codename")
    expected = {(role, "articles", codename) for role, codenames in roles.PERMISSIONS.items() for codename in codenames}
    assert set(held.filter(group__isnull=False)) == expected


def test_a_writer_may_not_publish_delete_or_decide() -> None:
    assert {"add_article", "change_article", "add_pullquote"} <= verbs("Writer")
    assert not verbs("Writer") & {"publish_article", "delete_article", "change_guess", "change_articletopic"}


def test_an_editor_may_do_all_that_a_writer_may_and_publish() -> None:
    assert verbs("Writer") < verbs("Editor")
    assert {"publish_article", "change_sitepage", "change_articletopic", "change_guess"} <= verbs("Editor")


def test_a_moderator_handles_comments_and_no_articles() -> None:
    assert {"view_comment", "change_comment", "view_report"} <= verbs("Moderator")
    assert not verbs("Moderator") & {"change_article", "add_article", "publish_article", "change_articletopic"}


def test_editors_and_moderators_pick_comments_and_writers_do_not() -> None:
    assert "pick_comment" in verbs("Editor") & verbs("Moderator")
    assert "pick_comment" not in verbs("Writer")


@pytest.mark.parametrize("group", ["Writer", "Editor", "Moderator"])
def test_no_group_may_change_accounts_or_delete_comments(group: str) -> None:
    assert not {code for code in verbs(group) if code.endswith(("_user", "_group", "_permission"))}
    assert not verbs(group) & {"delete_comment", "delete_article", "delete_revision", "change_revision"}
