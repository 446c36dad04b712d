"""Faults that tests cover: `make faults` runs them by name and has a row for each fault.

`tests/house/test_fault_table.py` fails when a test that is named here is renamed or moved.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from tests.faults.site import POSTGRESQL, Cluster

TESTS = Path(__file__).parent.parent
OUTCOMES = ("failure", "error", "skipped")


class Covered(NamedTuple):
    """A row of the table, with the tests that cover it, as `folder/file.py::test` or a whole file."""

    number: str
    name: str
    tests: str


TESTED = [
    Covered(
        "F5 D8", "the desk and pictures on a full disk", """
        newsroom/test_full_disk.py
        pictures/test_preparing.py::test_a_full_disk_is_no_fault_of_the_picture
    """),
    Covered(
        "F11", "two editors change one article", """
        desk/test_article_form.py::test_the_second_of_two_editors_is_refused_sees_both_texts_and_loses_nothing
        desk/test_article_form.py::test_a_topic_or_quote_alone_is_not_merged_silently_into_a_stale_form
        desk/test_article_form.py::test_a_save_without_its_version_is_refused
        desk/test_autosave.py::test_an_autosave_older_than_a_colleagues_save_is_merged_when_restored
        desk/test_edit_conflicts.py
        publishing/test_saving.py::test_a_text_saved_meanwhile_is_not_overwritten
    """),
    Covered(
        "F12", "publish and save at once", """
        publishing/test_races.py::test_an_article_published_and_saved_at_once_has_one_text
    """),
    Covered(
        "F13", "a comment is removed while it is replied to", """
        discussion/test_races.py::test_a_reply_is_refused_or_is_under_a_tombstone
        discussion/test_races.py::test_a_reply_to_an_article_that_is_being_deleted_goes_with_it_or_comes_back
        discussion/test_posting.py::test_replies_and_a_withdrawal_at_once_leave_no_orphan_and_right_numbers
    """),
    Covered(
        "F14", "a chain of 10,000 replies", """
        discussion/test_threads.py::test_a_chain_of_ten_thousand_breaks_nothing
        discussion/test_threads.py::test_a_reply_at_the_end_of_a_deep_chain_is_posted_and_found
        desk/test_article_deletion.py::test_a_deep_discussion_is_deleted_as_well
    """),
    Covered(
        "F15", "every comment is on one page while new ones arrive", """
        discussion/test_threads.py::test_every_comment_is_on_exactly_one_page_while_new_ones_arrive
    """),
    Covered(
        "F17", "hostile text in every field", """
        house/test_hostile_text.py
        discussion/test_writing_comments.py::test_no_field_breaks_on_a_hostile_string
        search/test_search.py::test_raw_bytes_are_harmless
        accounts/test_sign_in.py::test_hostile_keys_and_numbers_cause_no_server_error
    """),
    Covered(
        "F18", "huge and odd forms", """
        web/test_error_pages.py::test_a_form_of_ten_thousand_fields_is_rejected
        web/test_error_pages.py::test_a_huge_form_is_rejected_unread
        desk/test_article_form.py::test_a_form_that_claims_a_thousand_rows_is_refused_before_they_are_built
        newsroom/test_server.py::TestAPaper::test_a_request_is_read_whole_or_rejected
    """),
    Covered(
        "F19", "a clock that was set back", """
        discussion/test_comment_limits.py::test_a_clock_that_was_set_back_locks_nobody_out
        discussion/test_discussion_pages.py::test_a_form_from_before_the_clock_was_set_back_is_posted
        accounts/test_spam_prevention.py::test_whoever_takes_the_usual_time_is_not_suspected
        accounts/test_session_cleanup.py
    """),
    Covered(
        "F20", "articles with one headline at once", """
        publishing/test_races.py::test_articles_created_at_once_with_one_headline_have_a_url_each
        publishing/test_saving.py::test_a_headline_without_letters_still_gives_an_address
        reading/test_slug_redirects.py::test_a_changed_slug_or_date_leaves_a_redirect
    """),
    Covered(
        "F21", "one new topic by many readers at once", """
        topics/test_tagging.py::test_concurrent_readers_create_one_topic_and_one_vote_each
        topics/test_tagging.py::test_variants_of_a_name_are_one_topic
        topics/test_tagging.py::test_a_reader_counts_once
    """),
    Covered(
        "F22", "a reader is deleted or banned in mid-session", """
        discussion/test_writing_comments.py::test_a_reader_deleted_in_mid_session_is_a_stranger_with_their_words
        notifications/test_inbox.py::test_who_is_deleted_in_mid_session_is_asked_to_sign_in
        accounts/test_settings_page.py::test_the_next_request_after_deletion_is_anonymous
        accounts/test_profile.py::test_after_account_deletion_the_comment_stays_without_the_name
        discussion/test_reasons.py::test_a_form_of_a_page_opened_before_the_ban_says_that_it_is_one
    """),
    Covered(
        "F23", "the password is changed in another session", """
        accounts/test_sign_in.py::test_a_changed_password_ends_the_other_sessions_and_keeps_this_one
    """),
    Covered(
        "F24", "who has an account", """
        accounts/test_sign_up.py::TestOnAPublicSite
        accounts/test_sign_in.py::test_one_password_is_hashed_for_known_and_unknown
    """),
    Covered(
        "F25", "a session from before the sign-in", """
        accounts/test_sign_in.py::test_a_session_from_before_the_sign_in_is_not_reused
        accounts/test_sign_in.py::test_signing_out_ends_the_session_on_the_server
    """),
    Covered(
        "F26", "redirects to other sites", """
        accounts/test_sign_in.py::test_next_never_redirects_to_another_site
    """),
    Covered(
        "F27", "forged host names", """
        web/test_error_pages.py::test_an_unknown_host_is_rejected
        accounts/test_sign_in.py::test_a_password_reset_email_never_uses_the_host_header
        reading/test_article_page.py::test_urls_never_come_from_the_host_header
        newsroom/test_server.py::TestAPaper::test_an_absolute_address_counts_as_the_host
    """),
    Covered(
        "F28", "forms without the reader's token", """
        web/test_error_pages.py::test_a_form_without_its_csrf_token_is_rejected_with_the_typed_text
        topics/test_pages.py::test_the_form_needs_its_token
        discussion/test_writing_comments.py::test_a_form_from_before_a_new_sign_in_comes_back_and_posts_at_the_next_press
        discussion/test_writing_comments.py::test_a_page_elsewhere_puts_no_words_into_a_form_of_ours
        reading/test_shared_pages.py::test_a_shared_form_has_a_token_for_each_reader
        desk/test_revision_history.py::test_state_changes_need_a_post
    """),
    Covered(
        "F29", "the link checker is sent to private addresses", """
        web/test_safe_fetch.py
        publishing/test_link_checker.py::test_the_clock_never_connects_to_this_machine
    """),
    Covered(
        "F30", "pictures that are bombs, hostile or full of metadata", """
        pictures/test_file_validation.py
        pictures/test_metadata.py::test_neither_coordinates_nor_serial_numbers_nor_thumbnails_are_kept
        pictures/test_renditions.py::test_renditions_carry_nothing_of_the_file_but_its_pixels
        pictures/test_renditions.py::test_a_polyglot_is_read_as_the_picture_that_it_also_is
        pictures/test_renditions.py::test_a_truncated_file_is_refused_by_name
        pictures/test_views.py::test_a_rendition_is_served_as_data_that_never_changes
        newsroom/test_server.py::TestAPaper::test_an_upload_goes_through_files_and_not_through_memory
    """),
    Covered(
        "F31", "archives and other formats in the import", """
        importing/test_other_formats.py
        importing/test_hostile_files.py
        importing/test_long_imports.py
    """),
    Covered(
        "F32", "hostile searches", """
        search/test_search.py::test_hostile_queries_are_harmless
        search/test_search.py::test_a_search_that_takes_too_long_is_stopped
        search/test_search.py::test_anonymous_searches_are_rate_limited
        search/test_query_parser.py::test_operators_are_treated_as_words
        search/test_sqlite_icontains.py::test_signs_of_patterns_are_searched_as_they_are
    """),
    Covered(
        "F33", "page numbers and cursors that were never linked", """
        discussion/test_threads.py::test_a_forged_cursor_is_a_bad_request
        discussion/test_threads.py::test_a_cursor_shows_nothing_that_is_not_public
        discussion/test_permalinks.py::test_a_cursor_of_a_thread_does_not_tell_a_held_comment_from_none
        reading/test_visibility.py::test_a_page_number_that_was_never_linked_is_not_found
        search/test_search.py::test_hostile_page_numbers_are_not_found
        topics/test_pages.py::test_hostile_page_numbers_are_not_found
    """),
    Covered(
        "F34", "pages of signed-in readers and the cache", """
        reading/test_shared_pages.py
        reading/test_page_cache.py::test_nothing_of_a_signed_in_reader_is_cached
        reading/test_page_cache.py::test_each_query_string_has_its_own_page
        house/test_access.py::test_a_stranger_gets_no_cookie_until_a_form_stands_there
    """),
    Covered(
        "F35", "what was hidden is gone from every cache", """
        reading/test_page_cache.py::test_hidden_comments_and_withdrawn_articles_are_gone_immediately
        reading/test_page_cache.py::test_what_another_process_withdraws_is_gone_immediately
        reading/test_page_cache.py::test_a_browser_gets_304_until_the_page_changes
        discussion/test_moderating.py::test_a_hidden_comment_is_gone_everywhere_but_its_place
    """),
    Covered(
        "F36", "many ask for a page that has just expired", """
        web/test_local_cache.py::test_simultaneous_requests_compute_a_value_once
        web/test_local_cache.py::test_after_a_failure_a_waiting_thread_computes_the_value
    """),
    Covered(
        "F37", "the database of the release before migrates", """
        newsroom/test_migrations.py
        newsroom/test_previous_release.py
    """),
    Covered(
        "F41", "two moderators decide at once; the author edits meanwhile", """
        discussion/test_moderating.py::test_of_two_moderators_at_once_one_decides_and_one_is_refused
        discussion/test_approving_what_was_seen.py
        discussion/test_bulk_moderation.py::test_two_bulk_actions_and_new_replies_at_once_hide_each_comment_once
    """),
    Covered(
        "F42", "every URL for every role", """
        house/test_access.py
        accounts/test_roles.py
        reading/test_visibility.py::test_what_is_not_public_is_nowhere
        desk/test_article_form.py::test_rows_of_another_article_cannot_be_changed
    """),
    Covered(
        "D1", "a start that finds the database locked", """
        newsroom/test_server.py::TestAPaper::test_a_locked_database_is_named_with_the_process_that_has_it
        newsroom/test_server.py::TestAPaper::test_killed_under_load_its_processes_end_and_it_starts_again
    """),
    Covered(
        "D3 D5", "writers wait in order, and never in all threads", """
        newsroom/test_rsgi_adapter.py
    """),
    Covered(
        "D4", "reading while the database is locked", """
        reading/test_reads_on_a_locked_database.py
        web/test_cache_backend.py::test_a_sign_in_that_cannot_be_counted_is_not_called_too_fast
    """),
    Covered(
        "D7", "a worker dies while it sends", """
        mail/test_sending.py::test_a_start_asks_again_for_letters_whose_task_was_lost
        mail/test_sending.py::test_a_letter_is_sent_once_even_if_two_tasks_have_it
        newsroom/test_scheduler.py::test_an_overdue_email_is_sent_once
        notifications/test_digests.py::test_a_worker_that_dies_before_it_sends_loses_nothing
    """),
    Covered(
        "D9", "an error that repeats is logged once a minute", """
        web/test_repeated_errors.py
    """),
    Covered(
        "D10", "move from SQLite to PostgreSQL", """
        newsroom/test_moving.py
    """),
    Covered(
        "D11", "a time in the night when clocks change", """
        publishing/test_form_fields.py
    """),
]  # fmt: skip


def run_tests(rows: list[Covered], engine: str, cluster: Cluster | None) -> list[tuple[Covered, bool | None, str]]:
    """Run the tests of these rows on one engine. Return the verdict of each and its figures; None if none ran.

    Rows whose tests need no database are left out on PostgreSQL, where pytest leaves out their tests.
    """
    environment = dict(os.environ)
    if engine == POSTGRESQL and cluster:
        environment |= {"TEST_DATABASE": "postgres", "TEST_DATABASE_URL": f"{cluster.url}/newsroom"}
    names = sorted({f"tests/{name}" for row in rows for name in row.tests.split()})
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", f"--junitxml={file.name}", *names]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            why = (done.stderr or done.stdout).strip().splitlines()[-1:]
            return [(row, False, f"pytest failed: {why}") for row in rows]
        cases = list(ElementTree.parse(file.name).iter("testcase"))  # noqa: S314 (written by pytest)
    found = [(row, *verdict([case for case in cases if is_named(case, row)])) for row in rows]
    return [row for row in found if row[2] or engine != POSTGRESQL]


def is_named(case: ElementTree.Element, row: Covered) -> bool:
    """Return whether a test has a name of the row, with any parameters, or is in one of its files or classes."""
    test = f"{case.get('classname')}.{case.get('name')}"
    names = row.tests.replace(".py", "").replace("::", ".").replace("/", ".").split()
    return any(re.match(rf"tests\.{re.escape(name)}($|[.\[])", test) for name in names)


def verdict(cases: list[ElementTree.Element]) -> tuple[bool | None, str]:
    """Return whether all tests passed, and how many did; None if all were skipped."""
    outcomes = Counter(next((part.tag for part in case if part.tag in OUTCOMES), "passed") for case in cases)
    text = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
    if set(outcomes) == {"skipped"}:
        return None, cases[0][0].get("message", "")
    return set(outcomes) <= {"passed", "skipped"} and bool(cases), text
