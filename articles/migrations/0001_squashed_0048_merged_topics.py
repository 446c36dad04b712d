"""All tables of a new database, and what the migrations up to 0048 write into one.

Where one of them was applied already, the others are applied instead. `tests/newsroom/test_migrations.py` compares the
two. One after the other they take 38 s of CPU.
"""

from importlib import import_module

import articles.accounts.usernames
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from articles.publishing.community_rules import record_current_version
from articles.publishing.site_pages import create_missing
from articles.web.table_creation import CreateModels


def step(module: str, name: str) -> migrations.RunPython:
    """Return what a replaced migration does. The name of its module begins with a digit: no statement can import it."""
    return migrations.RunPython(getattr(import_module(f"articles.migrations.{module}"), name))


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("articles", "0001_initial"),
        ("articles", "0002_search"),
        ("articles", "0003_groups"),
        ("articles", "0004_cache_table"),
        ("articles", "0005_site_pages"),
        ("articles", "0006_repeated_reports"),
        ("articles", "0007_sort_articles_by_publication"),
        ("articles", "0008_normal_forms"),
        ("articles", "0009_renamed_slugs_and_withdrawal"),
        ("articles", "0010_closed_autosaves"),
        ("articles", "0011_rank_reports_by_standing"),
        ("articles", "0012_ban_ends_and_held_comments"),
        ("articles", "0013_site_pages_with_contact"),
        ("articles", "0014_privacy_page_with_log"),
        ("articles", "0015_restorable_import_changes"),
        ("articles", "0016_pictures"),
        ("articles", "0017_picture_permissions"),
        ("articles", "0018_invitations"),
        ("articles", "0019_privacy_page_with_invitations"),
        ("articles", "0020_import_batches"),
        ("articles", "0021_headline_images"),
        ("articles", "0022_page_versions"),
        ("articles", "0023_responses_to_pictures"),
        ("articles", "0024_how_pictures_are_made"),
        ("articles", "0025_no_stamps"),
        ("articles", "0026_indexes_of_large_papers"),
        ("articles", "0027_section_index"),
        ("articles", "0028_due_process"),
        ("articles", "0029_rules_with_numbers"),
        ("articles", "0030_following_authors_and_desk_digest"),
        ("articles", "0031_redraw_headlines"),
        ("articles", "0032_read_counts"),
        ("articles", "0033_rules_on_tombstones"),
        ("articles", "0034_comment_search_and_vocabulary"),
        ("articles", "0035_saved_articles"),
        ("articles", "0036_author_portraits"),
        ("articles", "0037_site_settings"),
        ("articles", "0038_privacy_page_with_device"),
        ("articles", "0039_hold_rules"),
        ("articles", "0040_job_runs"),
        ("articles", "0041_about_pages"),
        ("articles", "0042_masthead_and_policies"),
        ("articles", "0043_privacy_page_with_table"),
        ("articles", "0044_unfounded_notices"),
        ("articles", "0045_rules_on_unfounded_notices"),
        ("articles", "0046_moderation_queue"),
        ("articles", "0047_votes_against_topics"),
        ("articles", "0048_merged_topics"),
    ]
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text=(
                                    "Designates that this user has all permissions without explicitly "
                                    "assigning them."
                                ),
                                verbose_name="superuser status",
                            ),
                        ),
                        ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                        ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text=(
                                    "Designates whether this user should be treated as active. Unselect "
                                    "this instead of deleting accounts."
                                ),
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                        ),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "That name is taken."},
                                help_text=(
                                    "Your public name. Use letters, numbers, full stops, hyphens and "
                                    "underscores."
                                ),
                                max_length=40,
                                unique=True,
                                validators=[articles.accounts.usernames.validate_name],
                                verbose_name="name",
                            ),
                        ),
                        ("name_key", models.CharField(editable=False, max_length=80, unique=True)),
                        (
                            "about",
                            models.TextField(
                                blank=True,
                                help_text="Shown on your profile page as plain text.",
                                max_length=500,
                                verbose_name="about you",
                            ),
                        ),
                        ("banned_at", models.DateTimeField(blank=True, null=True, verbose_name="banned")),
                        (
                            "banned_reason",
                            models.CharField(blank=True, max_length=300, verbose_name="reason for the ban"),
                        ),
                        ("banned_until", models.DateTimeField(blank=True, null=True, verbose_name="end of the ban")),
                        (
                            "suspended_until",
                            models.DateTimeField(blank=True, null=True, verbose_name="suspended from commenting until"),
                        ),
                        (
                            "suspended_reason",
                            models.CharField(
                                blank=True, db_default="", max_length=300, verbose_name="reason for the suspension"
                            ),
                        ),
                        ("held_comments", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                        ("exported_at", models.DateTimeField(editable=False, null=True)),
                        ("unread", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                        ("hides", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text=(
                                    "The groups this user belongs to. A user will get all permissions "
                                    "granted to each of their groups."
                                ),
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reader",
                        "verbose_name_plural": "readers",
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(("email", ""), _negated=True),
                                name="unique_email",
                                violation_error_message="There’s already an account with that email.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BannedAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=64, unique=True)),
                        ("ends_at", models.DateTimeField(null=True)),
                        (
                            "reader",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "banned address",
                        "verbose_name_plural": "banned addresses",
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        ("roles", models.JSONField()),
                        ("byline_name", models.CharField(blank=True, max_length=120)),
                        (
                            "invited_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("sent_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("accepted_at", models.DateTimeField(null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("revoked_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "invitation",
                        "verbose_name_plural": "invitations",
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                                name="one_open_invitation_for_an_address",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"),
                                name="an_invitation_is_accepted_or_revoked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted_by", None), ("accepted_at__isnull", False), _connector="OR"
                                ),
                                name="an_invitation_has_a_time_of_acceptance",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                                name="an_invitation_expires_after_it_is_sent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("roles", []), _negated=True), name="an_invitation_has_a_role"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Picture",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sha256", models.CharField(editable=False, max_length=64, unique=True)),
                        ("original", models.CharField(editable=False, max_length=100, unique=True)),
                        ("file_name", models.CharField(editable=False, max_length=200, verbose_name="file name")),
                        ("size", models.PositiveIntegerField(editable=False, verbose_name="bytes")),
                        ("width", models.PositiveIntegerField(editable=False, verbose_name="width")),
                        ("height", models.PositiveIntegerField(editable=False, verbose_name="height")),
                        ("focal_x", models.PositiveSmallIntegerField(default=50)),
                        ("focal_y", models.PositiveSmallIntegerField(default=50)),
                        ("alt", models.TextField(blank=True, verbose_name="alt text")),
                        ("caption", models.TextField(blank=True, verbose_name="caption")),
                        ("creator", models.CharField(blank=True, max_length=250, verbose_name="creator")),
                        ("credit", models.CharField(blank=True, max_length=250, verbose_name="credit line")),
                        ("source", models.CharField(blank=True, max_length=250, verbose_name="source")),
                        (
                            "copyright_notice",
                            models.CharField(blank=True, max_length=300, verbose_name="copyright notice"),
                        ),
                        ("place", models.CharField(blank=True, max_length=250, verbose_name="place")),
                        ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
                        ("keywords", models.JSONField(blank=True, default=list, verbose_name="keywords")),
                        (
                            "made_with",
                            models.CharField(
                                choices=[
                                    ("photograph", "Photograph"),
                                    ("illustration", "Illustration"),
                                    ("composite", "Composite"),
                                    ("generated", "Generated"),
                                ],
                                default="photograph",
                                max_length=20,
                                verbose_name="made with",
                            ),
                        ),
                        (
                            "rights",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("staff", "Staff"),
                                    ("commissioned", "Commissioned"),
                                    ("agency", "Agency"),
                                    ("handout", "Handout"),
                                    ("reader", "Sent by a reader"),
                                    ("creative_commons", "Creative Commons"),
                                    ("public_domain", "Public domain"),
                                    ("other", "Other licence"),
                                ],
                                max_length=20,
                                verbose_name="rights",
                            ),
                        ),
                        ("license_url", models.URLField(blank=True, max_length=500, verbose_name="licence")),
                        ("usage_terms", models.TextField(blank=True, verbose_name="usage terms")),
                        ("licensed_until", models.DateField(blank=True, null=True, verbose_name="licensed until")),
                        ("origins", models.JSONField(default=dict, editable=False)),
                        ("metadata", models.JSONField(default=dict, editable=False)),
                        ("folder", models.CharField(blank=True, editable=False, max_length=32)),
                        ("renditions", models.JSONField(default=list, editable=False)),
                        ("colour", models.PositiveSmallIntegerField(default=0, editable=False)),
                        ("failure", models.CharField(blank=True, editable=False, max_length=300)),
                        ("renditions_due_at", models.DateTimeField(editable=False, null=True)),
                        ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded")),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="uploaded by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "picture",
                        "verbose_name_plural": "pictures",
                        "ordering": ["-uploaded_at", "-pk"],
                        "indexes": [
                            models.Index(
                                models.OrderBy(models.F("uploaded_at"), descending=True),
                                models.OrderBy(models.F("id"), descending=True),
                                name="newest_pictures",
                            ),
                            models.Index(
                                models.F("licensed_until"),
                                condition=models.Q(("licensed_until__isnull", False)),
                                name="pictures_by_licence",
                            ),
                            models.Index(
                                models.F("renditions_due_at"),
                                condition=models.Q(("renditions_due_at__isnull", False)),
                                name="pictures_to_render",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("folder"),
                                condition=models.Q(("folder", ""), _negated=True),
                                name="unique_rendition_folder",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("focal_x__lte", 100), ("focal_y__lte", 100)),
                                name="focal_points_are_inside",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("height__gt", 0), ("width__gt", 0)), name="pictures_have_a_size"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("folder", ""), models.Q(("renditions", []), _negated=True), _connector="OR"
                                ),
                                name="folders_have_renditions",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormerCaption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "picture",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="former_captions",
                                to="articles.picture",
                            ),
                        ),
                        ("caption", models.TextField(blank=True, verbose_name="caption")),
                        ("credit_line", models.CharField(blank=True, max_length=501, verbose_name="credit line")),
                        ("replaced_at", models.DateTimeField(auto_now_add=True, verbose_name="replaced")),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "earlier caption",
                        "verbose_name_plural": "earlier captions",
                        "ordering": ["-replaced_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="RenamedSlug",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=20)),
                        ("slug", models.SlugField(allow_unicode=True, db_index=False, max_length=100)),
                        ("target", models.BigIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(models.F("kind"), models.F("slug"), name="unique_renamed_slug")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PageVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("page", models.BigIntegerField(db_index=True)),
                        ("version", models.BigIntegerField()),
                        ("transaction", models.BigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="Author",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "slug",
                            models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name="slug"),
                        ),
                        ("about", models.TextField(blank=True, verbose_name="about")),
                        (
                            "portrait",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.picture",
                                verbose_name="portrait",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="author",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "author",
                        "verbose_name_plural": "authors",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Section",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                        ("slug", models.SlugField(allow_unicode=True, max_length=60, unique=True, verbose_name="slug")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                    ],
                    options={
                        "verbose_name": "section",
                        "verbose_name_plural": "sections",
                        "ordering": ["order", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="Source",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                        ("address", models.URLField(blank=True, verbose_name="URL")),
                    ],
                    options={
                        "verbose_name": "source",
                        "verbose_name_plural": "sources",
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="RulesVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                        ("published_at", models.DateTimeField(verbose_name="published")),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("body", models.TextField(verbose_name="body")),
                    ],
                    options={
                        "verbose_name": "version of the rules",
                        "verbose_name_plural": "versions of the rules",
                        "ordering": ["-number"],
                    },
                ),
                migrations.CreateModel(
                    name="Clause",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="clauses",
                                to="articles.rulesversion",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("body", models.TextField(verbose_name="body")),
                    ],
                    options={
                        "verbose_name": "clause of the rules",
                        "verbose_name_plural": "clauses of the rules",
                        "ordering": ["version", "number"],
                        "constraints": [
                            models.UniqueConstraint(models.F("version"), models.F("number"), name="unique_clause")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LinkTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("url", models.CharField(max_length=2000, unique=True, verbose_name="URL")),
                        ("host", models.CharField(blank=True, db_index=True, max_length=255)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "not checked yet"),
                                    ("works", "working"),
                                    ("moved", "moved"),
                                    ("unsure", "uncertain"),
                                    ("dead", "dead"),
                                ],
                                default="new",
                                max_length=6,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ok", "The link works."),
                                    ("confirmed", "An editor marked it as working."),
                                    ("gone", "The page doesn’t exist."),
                                    ("no host", "The domain doesn’t exist."),
                                    ("no response", "The site doesn’t respond."),
                                    ("server error", "The site has a server error."),
                                    ("blocked", "Blocks automated checks; it may still work for readers."),
                                    ("home", "Redirects to the site’s home page."),
                                    ("certificate", "The site’s TLS certificate is invalid."),
                                    ("not checked", "The link couldn’t be checked."),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("moved_to", models.CharField(blank=True, max_length=2000, verbose_name="moved to")),
                        ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                        ("last_working_at", models.DateTimeField(null=True, verbose_name="last working")),
                        ("failing_since", models.DateTimeField(null=True)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("check_requested", models.BooleanField(default=False)),
                        ("fix_url", models.CharField(blank=True, max_length=2000)),
                        ("fix_last_link", models.BigIntegerField(default=0)),
                        ("fix_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "fix_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "link",
                        "verbose_name_plural": "links",
                        "indexes": [
                            models.Index(models.F("due_at"), name="links_due"),
                            models.Index(
                                models.F("state"),
                                models.OrderBy(models.F("checked_at"), descending=True),
                                name="links_by_state",
                            ),
                            models.Index(
                                models.F("id"),
                                condition=models.Q(("fix_url", ""), _negated=True),
                                name="links_being_fixed",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "moved"), _negated=True),
                                    models.Q(("moved_to", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="moved_links_have_moved_to",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SitePage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("slug", models.SlugField(unique=True, verbose_name="slug")),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("body", models.TextField(blank=True, help_text="Markdown", verbose_name="body")),
                        ("body_html", models.TextField(blank=True, editable=False)),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                    ],
                    options={
                        "verbose_name": "site page",
                        "verbose_name_plural": "site pages",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("body", ""), ("slug__in", ("rules", "privacy", "pictures")), _negated=True
                                ),
                                name="required_pages_have_a_text",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SiteSettings",
                    fields=[
                        (
                            "id",
                            models.PositiveSmallIntegerField(
                                default=1, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                        ("accent", models.CharField(blank=True, max_length=7, verbose_name="accent colour")),
                        ("time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                        ("language", models.CharField(blank=True, max_length=15, verbose_name="language")),
                        (
                            "comments_days",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="days for comments"),
                        ),
                        ("logo", models.BinaryField(null=True, verbose_name="logo")),
                        ("logo_digest", models.CharField(blank=True, editable=False, max_length=16)),
                        ("logo_width", models.PositiveSmallIntegerField(default=0, editable=False)),
                        ("logo_height", models.PositiveSmallIntegerField(default=0, editable=False)),
                        (
                            "editor_email",
                            models.EmailField(
                                blank=True, db_default="", default="", max_length=254, verbose_name="email for readers"
                            ),
                        ),
                        (
                            "phone",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=40, verbose_name="phone"
                            ),
                        ),
                        (
                            "contact_languages",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=120, verbose_name="languages"
                            ),
                        ),
                        (
                            "authorities_email",
                            models.EmailField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=254,
                                verbose_name="email for authorities",
                            ),
                        ),
                        (
                            "security_email",
                            models.EmailField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=254,
                                verbose_name="email for reports of security problems",
                            ),
                        ),
                        (
                            "police_contact",
                            models.CharField(
                                blank=True, db_default="", default="", max_length=200, verbose_name="police"
                            ),
                        ),
                        (
                            "legal_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=200,
                                verbose_name="legal name of the publisher",
                            ),
                        ),
                        (
                            "postal_address",
                            models.TextField(
                                blank=True, db_default="", default="", max_length=500, verbose_name="postal address"
                            ),
                        ),
                        (
                            "register",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=200,
                                verbose_name="register and number",
                            ),
                        ),
                        (
                            "responsible",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=200,
                                verbose_name="responsible for the content",
                            ),
                        ),
                        (
                            "owners",
                            models.TextField(
                                blank=True, db_default="", default="", max_length=2000, verbose_name="owners"
                            ),
                        ),
                        (
                            "public_funds",
                            models.TextField(
                                blank=True, db_default="", default="", max_length=2000, verbose_name="public money"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "site settings",
                        "verbose_name_plural": "site settings",
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("id", 1)), name="one_row_of_site_settings")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HoldRule",
                    fields=[
                        ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("hold", "Hold comments"),
                                    ("flag", "Publish and flag comments"),
                                    ("off", "Off"),
                                ],
                                max_length=4,
                                verbose_name="mode",
                            ),
                        ),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rule for holding comments",
                        "verbose_name_plural": "rules for holding comments",
                    },
                ),
                migrations.CreateModel(
                    name="WatchedWord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=80, verbose_name="word")),
                        ("folded", models.CharField(max_length=160, unique=True)),
                        ("first", models.CharField(db_index=True, max_length=160)),
                        (
                            "effect",
                            models.CharField(
                                choices=[("refuse", "Refuse comments with it"), ("hold", "Hold comments with it")],
                                max_length=6,
                                verbose_name="effect",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "watched word",
                        "verbose_name_plural": "watched words",
                        "ordering": ["folded"],
                    },
                ),
                migrations.CreateModel(
                    name="ImportBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="import_batches",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="uploaded by",
                            ),
                        ),
                        (
                            "uploaded_at",
                            models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="uploaded"),
                        ),
                        ("day_first", models.BooleanField(null=True)),
                        ("left_out", models.PositiveIntegerField(default=0)),
                        ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="imported")),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="QueuedEmail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sender", models.CharField(blank=True, max_length=320)),
                        ("recipients", models.JSONField()),
                        ("mime", models.TextField(blank=True)),
                        ("composer", models.CharField(blank=True, max_length=20)),
                        ("arguments", models.JSONField(default=dict)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("mime", ""), ("composer", ""), _connector="XOR"),
                                name="an_email_is_ready_or_has_a_composer",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", models.CharField(max_length=12, unique=True, verbose_name="reference")),
                        (
                            "reader",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="notices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="email")),
                        ("about_child_abuse", models.BooleanField(default=False)),
                        ("law", models.CharField(blank=True, max_length=500, verbose_name="law")),
                        ("explanation", models.TextField(verbose_name="why it is illegal")),
                        ("good_faith", models.BooleanField()),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="received")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("upheld", "Upheld"), ("rejected", "Rejected")],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                    ],
                    options={
                        "verbose_name": "notice",
                        "verbose_name_plural": "notices",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(models.F("id"), condition=models.Q(("state", "open")), name="open_notices")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("explanation", ""), _negated=True), name="notices_are_explained"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("good_faith", True)), name="notices_are_in_good_faith"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("about_child_abuse", True),
                                    models.Q(
                                        models.Q(("name", ""), _negated=True), models.Q(("email", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="notices_have_a_sender",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("state", "open")),
                                    models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="decided_notices_have_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScheduledDigest",
                    fields=[
                        (
                            "reader",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="+",
                                serialize=False,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("due_at", models.DateTimeField(db_index=True)),
                        ("since", models.BigIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Inbox",
                    fields=[
                        (
                            "reader",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="inbox",
                                serialize=False,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "follows_own_threads",
                            models.BooleanField(
                                default=True,
                                help_text="You’re always notified of replies to you.",
                                verbose_name="Follow every thread I comment in",
                            ),
                        ),
                        (
                            "follows_own_articles",
                            models.BooleanField(
                                db_default=True, default=True, verbose_name="Notify me of comments on my articles"
                            ),
                        ),
                        (
                            "desk_digest",
                            models.BooleanField(
                                db_default=True, default=True, verbose_name="Email me what is waiting at the desk"
                            ),
                        ),
                        ("desk_digest_on", models.DateField(null=True)),
                        ("feed_key", models.CharField(max_length=43, null=True, unique=True)),
                        (
                            "mail",
                            models.CharField(
                                choices=[
                                    ("immediate", "Immediately"),
                                    ("daily", "Daily"),
                                    ("weekly", "Weekly"),
                                    ("never", "Never"),
                                ],
                                default="daily",
                                max_length=9,
                                verbose_name="email",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Topic",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        ("name_key", models.CharField(editable=False, max_length=80, unique=True)),
                        (
                            "slug",
                            models.SlugField(
                                allow_unicode=True,
                                blank=True,
                                help_text="Leave blank to create it from the name.",
                                max_length=60,
                                unique=True,
                                verbose_name="slug",
                            ),
                        ),
                        ("about", models.TextField(blank=True, max_length=500, verbose_name="description")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="created_topics",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reserved",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Readers can’t suggest it or vote about it, such as “Sponsored”.",
                                verbose_name="reserved for editors",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="merged",
                                to="articles.topic",
                                verbose_name="merged into",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "topic",
                        "verbose_name_plural": "topics",
                        "ordering": ["name"],
                        "indexes": [
                            models.Index(models.F("created_by"), models.F("created_at"), name="topics_by_creator")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="topic_name_not_empty"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into", None),
                                    models.Q(("merged_into", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="no_topic_is_merged_into_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VocabularyWord",
                    fields=[
                        ("word", models.CharField(max_length=60, primary_key=True, serialize=False)),
                        ("article_count", models.PositiveIntegerField()),
                        (
                            "length",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Length("word"),
                                output_field=models.PositiveSmallIntegerField(),
                            ),
                        ),
                        (
                            "beginning",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Left("word", 2),
                                output_field=models.CharField(max_length=2),
                            ),
                        ),
                        (
                            "ending",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.text.Right("word", 3),
                                output_field=models.CharField(max_length=3),
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "vocabulary word",
                        "indexes": [
                            models.Index(models.F("beginning"), models.F("length"), name="words_by_beginning"),
                            models.Index(models.F("ending"), models.F("length"), name="words_by_ending"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JobRun",
                    fields=[
                        ("job", models.CharField(max_length=100, primary_key=True, serialize=False)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("succeeded_at", models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Article",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("headline", models.CharField(max_length=300, verbose_name="headline")),
                        ("slug", models.SlugField(allow_unicode=True, max_length=100, verbose_name="slug")),
                        ("headline_key", models.CharField(db_index=True, default="", editable=False, max_length=300)),
                        ("standfirst", models.TextField(blank=True, verbose_name="standfirst")),
                        ("body", models.TextField(blank=True, help_text="Markdown", verbose_name="body")),
                        ("body_html", models.TextField(blank=True, editable=False)),
                        ("language", models.CharField(default="en", max_length=15, verbose_name="language")),
                        (
                            "section",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="articles.section",
                                verbose_name="section",
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                blank=True,
                                help_text="Starts the body as a dateline.",
                                max_length=80,
                                verbose_name="place",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="articles.source",
                                verbose_name="source",
                            ),
                        ),
                        ("source_url", models.URLField(blank=True, max_length=500, verbose_name="original URL")),
                        (
                            "dated",
                            models.DateField(
                                blank=True, help_text="The date in the URL.", null=True, verbose_name="dated"
                            ),
                        ),
                        (
                            "dated_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="Leave blank if unknown.",
                                null=True,
                                verbose_name="time of that day",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("review", "In review"),
                                    ("live", "Published"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="publication time")),
                        (
                            "publish_requested_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                        ("sort_at", models.DateTimeField(editable=False, null=True)),
                        ("updated_at", models.DateTimeField(blank=True, null=True, verbose_name="updated for readers")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("held_reason", models.TextField(blank=True, verbose_name="held because")),
                        ("stamp", models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                        ("word_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("comment_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("revision_number", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "comments_closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="comments closed"),
                        ),
                        (
                            "comments_closed_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="why closed"),
                        ),
                        ("comments_kept_open", models.BooleanField(default=False, verbose_name="comments kept open")),
                        (
                            "authors",
                            models.ManyToManyField(
                                related_name="articles",
                                through="articles.Byline",
                                to="articles.author",
                                verbose_name="authors",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "article",
                        "verbose_name_plural": "articles",
                        "permissions": [("publish_article", "Can publish and withdraw articles")],
                        "indexes": [
                            models.Index(
                                models.F("status"),
                                models.OrderBy(models.F("sort_at"), descending=True),
                                models.OrderBy(models.F("id"), descending=True),
                                name="newest_articles",
                            ),
                            models.Index(
                                models.F("section"),
                                models.F("status"),
                                models.OrderBy(models.F("sort_at"), descending=True),
                                models.OrderBy(models.F("id"), descending=True),
                                name="newest_of_sections",
                            ),
                            models.Index(
                                models.F("status"),
                                models.OrderBy(models.F("dated"), descending=True),
                                models.OrderBy(models.F("dated_at"), descending=True),
                                name="articles_by_date",
                            ),
                            models.Index(models.F("status"), models.F("go_live_at"), name="articles_by_go_live"),
                            models.Index(
                                models.F("status"), models.F("dated"), models.F("go_live_at"), name="articles_by_day"
                            ),
                            models.Index(models.F("language"), name="articles_by_language"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(models.F("dated"), models.F("slug"), name="unique_slug_per_day"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "live"), _negated=True),
                                    models.Q(("dated__isnull", False), ("go_live_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="live_articles_have_dates",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("headline", ""), _negated=True), name="articles_have_a_headline"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SlugRedirect",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="slug_redirects",
                                to="articles.article",
                            ),
                        ),
                        ("dated", models.DateField()),
                        ("slug", models.SlugField(allow_unicode=True, db_index=False, max_length=100)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(models.F("dated"), models.F("slug"), name="unique_slug_redirect")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Byline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="bylines",
                                to="articles.article",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bylines",
                                to="articles.author",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["order", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("article"), models.F("author"), name="unique_byline_author"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Block",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="blocks",
                                to="articles.article",
                            ),
                        ),
                        ("position", models.PositiveIntegerField(null=True)),
                        ("source", models.TextField()),
                        ("html", models.TextField()),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("article"), models.F("position"), name="unique_block_position"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Autosave",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="articles.article",
                            ),
                        ),
                        ("tab", models.CharField(default="", max_length=22)),
                        ("fields", models.JSONField(default=dict)),
                        ("saved_at", models.DateTimeField(null=True)),
                        ("seen_at", models.DateTimeField(db_index=True)),
                        ("closed", models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("person"),
                                models.F("article"),
                                models.F("tab"),
                                name="unique_autosave_per_form",
                            ),
                            models.UniqueConstraint(
                                models.F("person"),
                                models.F("tab"),
                                condition=models.Q(("article__isnull", True)),
                                name="unique_autosave_per_new_form",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PicturePlacement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="placements",
                                to="articles.article",
                            ),
                        ),
                        (
                            "picture",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="placements",
                                to="articles.picture",
                                verbose_name="picture",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("lead", "Lead"),
                                    ("body", "In the text"),
                                    ("wide", "Wide"),
                                    ("small", "Small"),
                                    ("gallery", "Gallery"),
                                ],
                                default="body",
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "alt",
                            models.TextField(
                                blank=True,
                                help_text="What it shows, for those who can’t see it.",
                                verbose_name="alt text",
                            ),
                        ),
                        (
                            "is_decorative",
                            models.BooleanField(
                                default=False,
                                help_text="It tells nothing that the text doesn’t: screen readers skip it.",
                                verbose_name="decorative",
                            ),
                        ),
                        (
                            "caption",
                            models.TextField(
                                blank=True, help_text="Leave blank for the picture’s own.", verbose_name="caption"
                            ),
                        ),
                        (
                            "after",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="placements",
                                to="articles.block",
                                verbose_name="after paragraph",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                    ],
                    options={
                        "verbose_name": "picture in an article",
                        "verbose_name_plural": "pictures in articles",
                        "ordering": ["order", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("article"), condition=models.Q(("role", "lead")), name="unique_lead_picture"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_decorative", False), ("alt", ""), _connector="OR"),
                                name="decorative_pictures_lack_alt",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PullQuote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pull_quotes",
                                to="articles.article",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="text")),
                        ("speaker", models.CharField(blank=True, max_length=120, verbose_name="speaker")),
                        ("role", models.CharField(blank=True, max_length=160, verbose_name="role")),
                        ("speaker_confirmed", models.BooleanField(default=True, verbose_name="speaker confirmed")),
                        (
                            "after",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="pull_quotes",
                                to="articles.block",
                                verbose_name="after paragraph",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("verbatim", "verbatim"),
                                    ("trimmed", "trimmed"),
                                    ("altered", "altered"),
                                    ("alone", "standalone"),
                                ],
                                default="alone",
                                editable=False,
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("nearest_text", models.TextField(default="", editable=False)),
                        (
                            "confirmation_reason",
                            models.CharField(
                                blank=True,
                                help_text="Why the quote may differ from the article.",
                                max_length=300,
                                verbose_name="reason for the difference",
                            ),
                        ),
                        ("confirmed_digest", models.CharField(default="", editable=False, max_length=64)),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pull quote",
                        "verbose_name_plural": "pull quotes",
                        "ordering": ["order", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="pull_quotes_have_text"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmation_reason", ""), _negated=True),
                                    ("confirmed_digest", ""),
                                    _connector="OR",
                                ),
                                name="confirmed_quotes_have_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RelatedLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="related_links",
                                to="articles.article",
                            ),
                        ),
                        ("label", models.CharField(blank=True, max_length=80, verbose_name="label")),
                        ("headline", models.CharField(max_length=300, verbose_name="headline when linked")),
                        ("headline_key", models.CharField(db_index=True, default="", editable=False, max_length=300)),
                        ("raw", models.TextField(blank=True, verbose_name="original link")),
                        (
                            "target",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="linked_from",
                                to="articles.article",
                                verbose_name="article",
                            ),
                        ),
                        ("url", models.URLField(blank=True, max_length=500, verbose_name="external URL")),
                        (
                            "after",
                            models.ForeignKey(
                                blank=True,
                                help_text="Leave blank to place it at the end of the article.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="related_links",
                                to="articles.block",
                                verbose_name="after paragraph",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                    ],
                    options={
                        "verbose_name": "“Also on” link",
                        "verbose_name_plural": "“Also on” links",
                        "ordering": ["order", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("headline", ""), _negated=True),
                                name="related_links_have_a_headline",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("target__isnull", True), ("url", ""), _connector="OR"),
                                name="related_links_have_one_target",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LostLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lost_links",
                                to="articles.article",
                            ),
                        ),
                        (
                            "block",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="lost_links",
                                to="articles.block",
                            ),
                        ),
                        ("words", models.CharField(max_length=300, verbose_name="text")),
                        ("occurrence", models.PositiveIntegerField(default=0)),
                        ("raw", models.CharField(blank=True, max_length=500, verbose_name="original target")),
                    ],
                    options={
                        "verbose_name": "lost link",
                        "verbose_name_plural": "lost links",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="DeskNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="desk_notes",
                                to="articles.article",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="note")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                        ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
                        (
                            "resolved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "note",
                        "verbose_name_plural": "notes",
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                models.F("article"),
                                condition=models.Q(("resolved_at__isnull", True)),
                                name="open_desk_notes",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="desk_notes_have_text"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeadlineImage",
                    fields=[
                        (
                            "article",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="headline_image",
                                serialize=False,
                                to="articles.article",
                            ),
                        ),
                        ("made_of", models.CharField(max_length=64)),
                        ("folder", models.CharField(blank=True, max_length=32)),
                        ("shows_headline", models.BooleanField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("folder"),
                                condition=models.Q(("folder", ""), _negated=True),
                                name="unique_headline_folder",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Link",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="articles.article"
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="articles.linktarget",
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                choices=[("text", "in the body"), ("box", "in a box"), ("source", "original link")],
                                max_length=6,
                            ),
                        ),
                        (
                            "box",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="articles.relatedlink",
                            ),
                        ),
                        ("words", models.CharField(blank=True, max_length=200)),
                        ("not_fixed_reason", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("article"),
                                models.F("target"),
                                condition=models.Q(("place", "text")),
                                name="unique_link_in_text",
                            ),
                            models.UniqueConstraint(
                                models.F("article"), condition=models.Q(("place", "source")), name="unique_source_link"
                            ),
                            models.UniqueConstraint(models.F("box"), name="unique_link_per_box"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("box__isnull", False), ("place", "box")),
                                    models.Q(models.Q(("place", "box"), _negated=True), ("box__isnull", True)),
                                    _connector="OR",
                                ),
                                name="box_links_have_a_box",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pin",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pins",
                                to="articles.article",
                                verbose_name="article",
                            ),
                        ),
                        (
                            "section",
                            models.ForeignKey(
                                blank=True,
                                help_text="Leave blank for the front page.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pins",
                                to="articles.section",
                                verbose_name="page",
                            ),
                        ),
                        (
                            "order",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="1 is the top of the page.",
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="position",
                            ),
                        ),
                        (
                            "until",
                            models.DateTimeField(
                                blank=True,
                                help_text="Leave blank to pin it until it is unpinned.",
                                null=True,
                                verbose_name="pinned until",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pin",
                        "verbose_name_plural": "pins",
                        "ordering": ["order", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("article"), models.F("section"), name="unique_pin_per_section"
                            ),
                            models.UniqueConstraint(
                                models.F("article"),
                                condition=models.Q(("section__isnull", True)),
                                name="unique_pin_on_front_page",
                            ),
                            models.CheckConstraint(condition=models.Q(("order__gte", 1)), name="pin_order_from_1"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="read_counts",
                                to="articles.article",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("reads", models.PositiveIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(models.F("day"), models.F("article"), name="unique_read_count"),
                            models.UniqueConstraint(
                                models.F("day"),
                                condition=models.Q(("article", None)),
                                name="unique_front_page_read_count",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Revision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="revisions",
                                to="articles.article",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="number")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="saved")),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="saved by",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                        ("public_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                        ("edition", models.PositiveIntegerField(blank=True, null=True, verbose_name="version")),
                        ("note", models.TextField(blank=True, verbose_name="note for readers")),
                        ("minor", models.BooleanField(default=False, verbose_name="minor")),
                        ("words_added", models.PositiveIntegerField(default=0, verbose_name="words added")),
                        ("words_removed", models.PositiveIntegerField(default=0, verbose_name="words removed")),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed")),
                        ("removal_notice", models.TextField(blank=True, verbose_name="notice for readers")),
                        (
                            "removed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("saved", "Saved"),
                                    ("proposed", "Awaiting review"),
                                    ("rejected", "Rejected"),
                                    ("scheduled", "Scheduled"),
                                ],
                                default="saved",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        ("base_number", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        (
                            "decision_reason",
                            models.CharField(blank=True, max_length=300, verbose_name="reason for the decision"),
                        ),
                        ("headline", models.CharField(max_length=300, verbose_name="headline")),
                        ("standfirst", models.TextField(blank=True, verbose_name="standfirst")),
                        ("body", models.TextField(blank=True, verbose_name="body")),
                        ("companions", models.JSONField(default=dict, verbose_name="pull quotes and boxes")),
                    ],
                    options={
                        "verbose_name": "revision",
                        "verbose_name_plural": "revisions",
                        "ordering": ["-number"],
                        "indexes": [
                            models.Index(
                                models.F("due_at"), condition=models.Q(("state", "scheduled")), name="changes_due"
                            ),
                            models.Index(
                                models.F("id"),
                                models.F("article"),
                                condition=models.Q(("state", "proposed")),
                                name="proposed_revisions",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("article"), models.F("number"), name="unique_revision_number"
                            ),
                            models.UniqueConstraint(
                                models.F("article"), models.F("edition"), name="unique_revision_edition"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("public_at__isnull", True), ("state", "saved"), _connector="OR"),
                                name="only_saved_revisions_are_public",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "scheduled"), _negated=True),
                                    models.Q(("base_number__isnull", False), ("due_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="scheduled_changes_have_due_at",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("edition__isnull", True), ("public_at__isnull", False), _connector="OR"
                                ),
                                name="editions_are_public",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("removed_at__isnull", True),
                                    models.Q(("removal_notice", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="removed_editions_have_a_notice",
                            ),
                            models.UniqueConstraint(
                                models.F("article"),
                                condition=models.Q(("state", "scheduled")),
                                name="unique_scheduled_change",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="corrections",
                                to="articles.revision",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="what was wrong, and what is correct")),
                        ("made_at", models.DateTimeField(verbose_name="added")),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "correction",
                        "verbose_name_plural": "corrections",
                        "ordering": ["-made_at", "-pk"],
                        "indexes": [
                            models.Index(
                                models.OrderBy(models.F("made_at"), descending=True),
                                models.OrderBy(models.F("id"), descending=True),
                                name="newest_corrections",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="corrections_have_text"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="comments",
                                to="articles.article",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="comments",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="replies",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "root",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="+",
                                to="articles.comment",
                            ),
                        ),
                        ("depth", models.PositiveIntegerField(default=0)),
                        ("path", models.CharField(default="", max_length=160)),
                        ("body", models.TextField(verbose_name="text")),
                        ("body_html", models.TextField(editable=False)),
                        ("html", models.TextField(editable=False)),
                        ("html_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "read_revision",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.revision",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("visible", "Visible"),
                                    ("held", "Awaiting moderation"),
                                    ("hidden", "Hidden by a moderator"),
                                    ("withdrawn", "Withdrawn by its author"),
                                ],
                                default="visible",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("held_because", models.CharField(blank=True, max_length=300, verbose_name="held because")),
                        (
                            "hidden_under",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.clause",
                            ),
                        ),
                        ("held_by", models.CharField(blank=True, db_default="", default="", max_length=20)),
                        ("never_shown", models.BooleanField(default=False)),
                        ("posted_at", models.DateTimeField(verbose_name="posted")),
                        ("begun_at", models.DateTimeField(null=True)),
                        ("edited_at", models.DateTimeField(null=True, verbose_name="edited")),
                        ("token", models.UUIDField()),
                        ("recommended", models.PositiveIntegerField(default=0)),
                        ("report_count", models.PositiveIntegerField(default=0)),
                        ("thread_size", models.PositiveIntegerField(default=0)),
                        (
                            "badge",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("author", "Author"),
                                    ("editor", "Editor"),
                                    ("moderator", "Moderator"),
                                    ("staff", "Staff"),
                                ],
                                default="",
                                max_length=9,
                                verbose_name="badge",
                            ),
                        ),
                        ("picked_at", models.DateTimeField(null=True, verbose_name="picked by an editor")),
                        (
                            "picked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="picks",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="picked by",
                            ),
                        ),
                        ("thread_has_pick", models.BooleanField(default=False)),
                        ("score", models.FloatField(default=0)),
                    ],
                    options={
                        "verbose_name": "comment",
                        "verbose_name_plural": "comments",
                        "permissions": [("pick_comment", "Can make a comment an editors’ pick")],
                        "indexes": [
                            models.Index(
                                models.F("article"), models.F("root"), models.F("id"), name="comments_oldest_first"
                            ),
                            models.Index(
                                models.F("article"),
                                models.F("root"),
                                models.F("score"),
                                models.F("id"),
                                name="comments_by_score",
                            ),
                            models.Index(
                                models.F("article"),
                                models.F("root"),
                                models.F("thread_has_pick"),
                                models.F("score"),
                                models.F("id"),
                                name="comments_picks_first",
                            ),
                            models.Index(
                                models.F("article"),
                                models.F("id"),
                                condition=models.Q(("badge", "author")),
                                name="author_replies",
                            ),
                            models.Index(
                                models.F("article"),
                                models.F("picked_at"),
                                condition=models.Q(("picked_at__isnull", False)),
                                name="editors_picks",
                            ),
                            models.Index(
                                models.F("article"), models.F("score"), models.F("id"), name="comments_by_article_score"
                            ),
                            models.Index(
                                models.F("root"), models.F("path"), models.F("id"), name="comments_in_reading_order"
                            ),
                            models.Index(models.F("parent"), models.F("id"), name="comments_by_parent"),
                            models.Index(models.F("author"), models.F("posted_at"), name="comments_by_author"),
                            models.Index(
                                models.F("article"), models.F("state"), models.F("id"), name="latest_comments"
                            ),
                            models.Index(
                                models.F("held_by"),
                                models.F("posted_at"),
                                condition=models.Q(("held_by", ""), _negated=True),
                                name="comments_by_rule",
                            ),
                            models.Index(models.F("id"), condition=models.Q(("state", "held")), name="held_comments"),
                            models.Index(models.F("html_version"), name="comments_by_html_version"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("author"), models.F("token"), name="unique_comment_per_form"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("depth", 0), ("parent__isnull", True), ("root__isnull", True)),
                                    models.Q(("depth__gt", 0), ("parent__isnull", False), ("root__isnull", False)),
                                    _connector="OR",
                                ),
                                name="replies_have_a_root",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("never_shown", False), ("state__in", ["hidden", "withdrawn"]), _connector="OR"
                                ),
                                name="never_shown_is_not_public",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("picked_at__isnull", True), ("state", "visible"), _connector="OR"),
                                name="picks_are_visible",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("picked_at__isnull", False), ("picked_by__isnull", True), _connector="OR"
                                ),
                                name="picks_have_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CommentVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="articles.comment",
                            ),
                        ),
                        ("body", models.TextField()),
                        ("body_html", models.TextField()),
                        ("replaced_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Mention",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mentions",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mentions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("announced", models.BooleanField(default=False)),
                    ],
                    options={
                        "verbose_name": "mention",
                        "verbose_name_plural": "mentions",
                        "constraints": [
                            models.UniqueConstraint(models.F("comment"), models.F("reader"), name="unique_mention")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ModerationAction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("hide", "hid a comment"),
                                    ("restore", "restored a comment"),
                                    ("dismiss", "dismissed the reports"),
                                    ("approve", "approved a held comment"),
                                    ("close", "closed a discussion"),
                                    ("reopen", "reopened a discussion"),
                                    ("keep_open", "kept a discussion open"),
                                    ("warn", "warned a reader"),
                                    ("suspend", "suspended a reader from commenting"),
                                    ("unsuspend", "lifted a suspension"),
                                    ("ban", "banned a reader"),
                                    ("unban", "lifted a ban"),
                                    ("uphold_notice", "upheld a notice"),
                                    ("reject_notice", "rejected a notice"),
                                    ("warn_sender", "warned a sender of notices"),
                                    ("limit_sender", "suspended the processing of a sender’s notices"),
                                    ("uphold_appeal", "upheld an appeal"),
                                    ("reject_appeal", "rejected an appeal"),
                                    ("undo", "undid a decision"),
                                    ("pick", "made a comment an editors’ pick"),
                                    ("unpick", "removed an editors’ pick"),
                                    ("request_quote", "asked to quote a comment"),
                                    ("end_quote", "removed a quote or cancelled a request for one"),
                                ],
                                max_length=13,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="moderation_actions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="moderator",
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="reason")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                        (
                            "comment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="moderation_actions",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="moderation_actions",
                                to="articles.article",
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="moderation_actions_received",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "clause",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="+",
                                to="articles.clause",
                            ),
                        ),
                        (
                            "law",
                            models.CharField(blank=True, db_default="", default="", max_length=500, verbose_name="law"),
                        ),
                        ("facts", models.TextField(blank=True, db_default="", default="", verbose_name="facts")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("own", "moderators’ own review"),
                                    ("report", "a reader’s report"),
                                    ("notice", "a notice of illegal content"),
                                    ("rule", "an automatic rule that held the comment"),
                                    ("appeal", "an appeal"),
                                ],
                                db_default="own",
                                default="own",
                                max_length=6,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "found_by_program",
                            models.BooleanField(db_default=False, default=False, verbose_name="found by a program"),
                        ),
                        ("text_version", models.PositiveIntegerField(blank=True, null=True)),
                        ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                        ("seen_at", models.DateTimeField(blank=True, null=True)),
                        ("overturned_at", models.DateTimeField(blank=True, null=True, verbose_name="overturned")),
                        ("batch", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "moderation action",
                        "verbose_name_plural": "moderation log",
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                models.F("comment"), models.F("action"), models.F("id"), name="actions_on_a_comment"
                            ),
                            models.Index(models.F("created_at"), models.F("action"), name="actions_by_time"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="moderation_has_a_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("clause", None), ("law", ""), _connector="OR"),
                                name="moderation_is_by_a_rule_or_by_law",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_at", None), ("action__in", ["suspend", "ban"]), _connector="OR"
                                ),
                                name="only_sanctions_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Passage",
                    fields=[
                        (
                            "comment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="passage",
                                serialize=False,
                                to="articles.comment",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="articles.revision"
                            ),
                        ),
                        ("in_quote", models.BooleanField()),
                        ("in_picture", models.BooleanField(db_default=False, default=False)),
                        ("number", models.PositiveIntegerField()),
                        ("start", models.PositiveIntegerField()),
                        ("exact", models.TextField()),
                        ("prefix", models.CharField(blank=True, max_length=32)),
                        ("suffix", models.CharField(blank=True, max_length=32)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("exact", "unchanged"),
                                    ("moved", "moved"),
                                    ("changed", "changed"),
                                    ("removed", "no longer in the article"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "block",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="passages",
                                to="articles.block",
                            ),
                        ),
                        (
                            "quote",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="passages",
                                to="articles.pullquote",
                            ),
                        ),
                        (
                            "picture",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="passages",
                                to="articles.picture",
                            ),
                        ),
                        ("current_start", models.PositiveIntegerField(null=True)),
                        ("current_text", models.TextField(blank=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("exact", ""), _negated=True), ("in_picture", True), _connector="OR"
                                ),
                                name="passages_have_text",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("in_picture", False), ("picture__isnull", True)),
                                    models.Q(
                                        ("block__isnull", True),
                                        ("in_picture", True),
                                        ("in_quote", False),
                                        ("quote__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="picture_passages_are_in_no_text",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("block__isnull", True), ("quote__isnull", True), _connector="OR"),
                                name="passages_have_one_location",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("current_start__isnull", False),
                                        ("current_text", models.F("exact")),
                                        ("state__in", ["exact", "moved"]),
                                    ),
                                    models.Q(
                                        ("current_start__isnull", False),
                                        ("state", "changed"),
                                        models.Q(("current_text__in", ["", models.F("exact")]), _negated=True),
                                    ),
                                    models.Q(
                                        ("block__isnull", True),
                                        ("current_start__isnull", True),
                                        ("current_text", ""),
                                        ("quote__isnull", True),
                                        ("state", "removed"),
                                    ),
                                    _connector="OR",
                                ),
                                name="passage_location_matches_state",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuoteRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quote_requests",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quote_requests",
                                to="articles.article",
                            ),
                        ),
                        ("text", models.TextField()),
                        (
                            "after",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.block",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "requested"),
                                    ("granted", "granted"),
                                    ("declined", "declined"),
                                    ("revoked", "revoked"),
                                ],
                                default="requested",
                                max_length=9,
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="quote_requests_made",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("revoked_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                models.F("article"),
                                condition=models.Q(("state", "granted")),
                                name="granted_quotes_by_article",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("comment"),
                                condition=models.Q(("state__in", ["requested", "granted"])),
                                name="one_open_quote_request",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="quote_requests_have_text"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("revoked_at__isnull", True),
                                        ("state", "requested"),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("revoked_at__isnull", True),
                                        ("state__in", ["granted", "declined"]),
                                    ),
                                    models.Q(("revoked_at__isnull", False), ("state", "revoked")),
                                    _connector="OR",
                                ),
                                name="quote_request_dates_match_state",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recommendation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recommendations",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="recommendations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(models.F("reader"), models.F("comment"), name="recommendations_by_reader")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("comment"), models.F("reader"), name="unique_recommendation"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Report",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reports",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="reports",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("abuse", "Abuse or insults"),
                                    ("spam", "Advertising or spam"),
                                    ("off-topic", "Off topic"),
                                    ("private", "Reveals private details"),
                                    ("unlawful", "May be illegal"),
                                    ("other", "Something else"),
                                ],
                                max_length=10,
                                verbose_name="reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "text_version",
                            models.PositiveIntegerField(db_default=0, default=0, verbose_name="version of the text"),
                        ),
                        ("counts", models.BooleanField(db_default=True, default=True)),
                        ("ranks", models.BooleanField(db_default=False, default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("upheld", "Upheld"), ("dismissed", "Dismissed")],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "report",
                        "verbose_name_plural": "reports",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(models.F("id"), condition=models.Q(("state", "open")), name="open_reports"),
                            models.Index(
                                models.F("comment"),
                                models.F("id"),
                                condition=models.Q(("state", "open")),
                                name="open_reports_of_a_comment",
                            ),
                            models.Index(
                                models.F("reason"),
                                models.F("decided_at"),
                                condition=models.Q(("state", "open"), _negated=True),
                                name="decided_reports",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("comment"),
                                models.F("reader"),
                                models.F("reason"),
                                models.F("note"),
                                models.F("text_version"),
                                name="unique_report",
                            ),
                            models.UniqueConstraint(
                                models.F("comment"),
                                models.F("reader"),
                                condition=models.Q(("counts", True), models.Q(("state", "dismissed"), _negated=True)),
                                name="one_counted_report_per_reader",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("state", "open")),
                                    models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="decided_reports_have_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="visits",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="visits",
                                to="articles.article",
                            ),
                        ),
                        ("began_at", models.DateTimeField(db_index=True)),
                        ("previous_newest", models.BigIntegerField()),
                        ("current_newest", models.BigIntegerField()),
                        ("previous_edition", models.PositiveIntegerField(default=0)),
                        ("current_edition", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(models.F("reader"), models.F("article"), name="unique_visit")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="imported_files",
                                to="articles.article",
                            ),
                        ),
                        ("name", models.CharField(max_length=255, verbose_name="file")),
                        ("digest", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
                        ("encoding", models.CharField(default="utf-8", max_length=20, verbose_name="encoding")),
                        ("raw", models.TextField(verbose_name="original text")),
                        ("imported_at", models.DateTimeField(auto_now_add=True, verbose_name="imported")),
                        (
                            "imported_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="imported by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "imported file",
                        "verbose_name_plural": "imported files",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Guess",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guesses",
                                to="articles.importedfile",
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guesses",
                                to="articles.article",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("guess", "Guess"),
                                    ("repair", "Repair"),
                                    ("discard", "Left out"),
                                    ("warning", "Warning"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("subject", models.CharField(max_length=40, verbose_name="about")),
                        ("value", models.TextField(verbose_name="outcome")),
                        ("rule", models.CharField(max_length=200, verbose_name="rule")),
                        ("confidence", models.FloatField(verbose_name="confidence")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("accepted", models.BooleanField(null=True, verbose_name="accepted")),
                        ("original", models.TextField(blank=True, db_default="", default="", editable=False)),
                        ("result", models.TextField(blank=True, db_default="", default="", editable=False)),
                    ],
                    options={
                        "verbose_name": "import decision",
                        "verbose_name_plural": "import decisions",
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("confidence__range", (0, 1))), name="confidence_between_0_and_1"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UploadedFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="articles.importbatch",
                            ),
                        ),
                        ("name", models.CharField(max_length=255, verbose_name="file")),
                        ("content", models.BinaryField()),
                        ("selected", models.BooleanField(default=True)),
                        ("edits", models.JSONField(default=dict)),
                        ("verdicts", models.JSONField(default=list)),
                        ("report", models.JSONField(default=dict)),
                        ("state", models.CharField(blank=True, default="", max_length=10)),
                        (
                            "article",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.article",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, default="")),
                        ("published", models.BooleanField(default=False)),
                        ("differs", models.BooleanField(default=False)),
                    ],
                    options={
                        "verbose_name": "uploaded file",
                        "verbose_name_plural": "uploaded files",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Appeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "action",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="appeal",
                                to="articles.moderationaction",
                                verbose_name="decision",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="appeals",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("text", models.TextField(verbose_name="text")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("upheld", "Upheld"),
                                    ("rejected", "Rejected"),
                                    ("moot", "Closed, because the decision was withdrawn"),
                                ],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="decides",
                                to="articles.moderationaction",
                                verbose_name="decision on the appeal",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                        ("by_first_moderator", models.BooleanField(default=False)),
                    ],
                    options={
                        "verbose_name": "appeal",
                        "verbose_name_plural": "appeals",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(models.F("id"), condition=models.Q(("state", "open")), name="open_appeals")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="appeals_have_a_text"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("decision", None), ("state", "open")),
                                    models.Q(("decided_at__isnull", False), ("decision", None), ("state", "moot")),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decision__isnull", False),
                                        ("state__in", ["upheld", "rejected"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="decided_appeals_have_a_decision",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticedPlace",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="places",
                                to="articles.notice",
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="noticed_places",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="noticed_places",
                                to="articles.article",
                            ),
                        ),
                        ("address", models.CharField(max_length=300)),
                        ("text_version", models.PositiveIntegerField(default=0)),
                        (
                            "action",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="noticed_places",
                                to="articles.moderationaction",
                            ),
                        ),
                        ("manifestly_unfounded", models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        "verbose_name": "place of a notice",
                        "verbose_name_plural": "places of notices",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(models.F("id"), condition=models.Q(("action", None)), name="undecided_places")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("notice"), models.F("address"), name="unique_place_of_a_notice"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("comment", None), ("article", None), _connector="OR"),
                                name="a_place_is_a_comment_or_an_article",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("manifestly_unfounded", False), ("action__isnull", False), _connector="OR"
                                ),
                                name="unfounded_places_are_decided",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="claim",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "place",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="claim",
                                to="articles.noticedplace",
                            ),
                        ),
                        (
                            "appeal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="claim",
                                to="articles.appeal",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("ends_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "claim",
                        "verbose_name_plural": "claims",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("appeal", None), ("comment__isnull", False), ("place", None)),
                                    models.Q(("appeal", None), ("comment", None), ("place__isnull", False)),
                                    models.Q(("appeal__isnull", False), ("comment", None), ("place", None)),
                                    _connector="OR",
                                ),
                                name="a_claim_is_of_one_case",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("reply", "reply to you"),
                                    ("mention", "mention"),
                                    ("thread", "comment in a followed thread"),
                                    ("article", "comment on a followed article"),
                                    ("person", "comment by a followed person"),
                                    ("topic", "article on a followed topic"),
                                    ("author", "article by a followed person"),
                                    ("hidden", "comment hidden by a moderator"),
                                    ("picked", "editors’ pick"),
                                    ("lifted", "request to quote"),
                                    ("written", "comment on one’s own article"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to="articles.article",
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to="articles.comment",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(models.F("reader"), models.F("id"), name="inbox"),
                            models.Index(
                                models.F("reader"),
                                models.F("article"),
                                condition=models.Q(("read_at", None)),
                                name="unread_notifications",
                            ),
                            models.Index(models.F("article"), models.F("reader"), name="notifications_of_an_article"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("comment"),
                                models.F("reader"),
                                condition=models.Q(("kind__in", ["hidden", "picked", "lifted"]), _negated=True),
                                name="one_notification_per_comment",
                            ),
                            models.UniqueConstraint(
                                models.F("comment"),
                                models.F("reader"),
                                models.F("kind"),
                                name="one_notification_per_kind",
                            ),
                            models.UniqueConstraint(
                                models.F("article"),
                                models.F("reader"),
                                condition=models.Q(("comment", None)),
                                name="one_notification_per_article",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("comment", None), ("kind__in", ["topic", "author"])),
                                    models.Q(
                                        models.Q(("kind__in", ["topic", "author"]), _negated=True),
                                        ("comment__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="article_notifications_have_no_comment",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PendingFanout",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "comment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="articles.article",
                            ),
                        ),
                        ("due_at", models.DateTimeField(db_index=True)),
                        ("last_reader_id", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("article__isnull", False), ("comment", None)),
                                    models.Q(("article", None), ("comment__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_fanout_has_one_subject",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ArticleTopic",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="article_topics",
                                to="articles.article",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="article_topics",
                                to="articles.topic",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Awaiting approval"),
                                    ("shown", "Shown"),
                                    ("rejected", "Rejected"),
                                    ("merged", "Merged into another topic of the article"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("by_editor", models.BooleanField(default=False, verbose_name="set by an editor")),
                        ("agreed", models.PositiveIntegerField(default=0, verbose_name="readers who agree")),
                        (
                            "disagreed",
                            models.PositiveIntegerField(db_default=0, default=0, verbose_name="readers who disagree"),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="suggested")),
                        (
                            "merged_from",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.topic",
                            ),
                        ),
                        (
                            "before_merge",
                            models.CharField(blank=True, db_default="", default="", editable=False, max_length=8),
                        ),
                        (
                            "other_before_merge",
                            models.CharField(blank=True, db_default="", default="", editable=False, max_length=8),
                        ),
                    ],
                    options={
                        "verbose_name": "article topic",
                        "verbose_name_plural": "article topics",
                        "ordering": ["created_at", "pk"],
                        "indexes": [
                            models.Index(
                                models.F("topic"),
                                models.F("state"),
                                models.F("article"),
                                name="article_topics_by_topic",
                            ),
                            models.Index(models.F("state"), models.F("agreed"), name="article_topics_by_state"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("article"), models.F("topic"), name="unique_topic_per_article"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "rejected"), _negated=True), ("by_editor", True), _connector="OR"
                                ),
                                name="only_editors_reject_topics",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("merged_from", None),
                                        ("state", "merged"),
                                        models.Q(("before_merge", ""), _negated=True),
                                        models.Q(("other_before_merge", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "merged"), _negated=True),
                                        ("before_merge", ""),
                                        ("other_before_merge", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="merged_rows_remember_their_state",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tagging",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "article_topic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taggings",
                                to="articles.articletopic",
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taggings",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "objection",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("wrong", "Doesn’t fit the article"),
                                    ("broad", "Too broad"),
                                    ("duplicate", "The same as another topic"),
                                    ("offensive", "Offensive"),
                                ],
                                db_default="",
                                default="",
                                max_length=9,
                            ),
                        ),
                        (
                            "same_as",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.topic",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(models.F("reader"), models.F("created_at"), name="taggings_by_reader")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("article_topic"), models.F("reader"), name="unique_tagging_per_reader"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("same_as", None), ("objection", "duplicate"), _connector="OR"),
                                name="only_duplicates_name_another_topic",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClosedTopics",
                    fields=[
                        (
                            "article",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="closed_topics",
                                serialize=False,
                                to="articles.article",
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="reason")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "closed topics",
                        "verbose_name_plural": "closed topics",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="topics_are_closed_for_a_reason"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TopicAction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("hide", "Taken off an article by readers’ votes"),
                                    ("reject", "Rejected for an article"),
                                    ("remove", "Removed from an article, with its votes"),
                                    ("delete", "Deleted"),
                                    ("rename", "Renamed"),
                                    ("merge", "Merged into another topic"),
                                    ("unmerge", "Separated from another topic"),
                                    ("reserve", "Reserved for editors"),
                                    ("release", "Opened to readers"),
                                    ("close", "Topics of an article closed to readers"),
                                    ("reopen", "Topics of an article opened to readers"),
                                ],
                                max_length=8,
                                verbose_name="action",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.topic",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=40, verbose_name="name")),
                        (
                            "other",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.topic",
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="articles.article",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="reason")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                    ],
                    options={
                        "verbose_name": "topic action",
                        "verbose_name_plural": "log of topics",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="topic_actions_have_a_reason"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Stance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stances",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "verb",
                            models.CharField(
                                choices=[("follow", "Follow"), ("hide", "Hide"), ("neither", "Neither")], max_length=8
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stances",
                                to="articles.article",
                            ),
                        ),
                        (
                            "thread",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stances",
                                to="articles.comment",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stances",
                                to="articles.topic",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stances_towards",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stances",
                                to="articles.author",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                models.F("article"),
                                models.F("verb"),
                                models.F("reader"),
                                condition=models.Q(("article__isnull", False)),
                                name="stances_on_a_article",
                            ),
                            models.Index(
                                models.F("thread"),
                                models.F("verb"),
                                models.F("reader"),
                                condition=models.Q(("thread__isnull", False)),
                                name="stances_on_a_thread",
                            ),
                            models.Index(
                                models.F("topic"),
                                models.F("verb"),
                                models.F("reader"),
                                condition=models.Q(("topic__isnull", False)),
                                name="stances_on_a_topic",
                            ),
                            models.Index(
                                models.F("person"),
                                models.F("verb"),
                                models.F("reader"),
                                condition=models.Q(("person__isnull", False)),
                                name="stances_on_a_person",
                            ),
                            models.Index(
                                models.F("author"),
                                models.F("verb"),
                                models.F("reader"),
                                condition=models.Q(("author__isnull", False)),
                                name="stances_on_a_author",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("reader"), models.F("article"), name="one_stance_a_article"
                            ),
                            models.UniqueConstraint(models.F("reader"), models.F("thread"), name="one_stance_a_thread"),
                            models.UniqueConstraint(models.F("reader"), models.F("topic"), name="one_stance_a_topic"),
                            models.UniqueConstraint(models.F("reader"), models.F("person"), name="one_stance_a_person"),
                            models.UniqueConstraint(models.F("reader"), models.F("author"), name="one_stance_a_author"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("article__isnull", False),
                                        ("author__isnull", True),
                                        ("person__isnull", True),
                                        ("thread__isnull", True),
                                        ("topic__isnull", True),
                                    ),
                                    models.Q(
                                        ("article__isnull", True),
                                        ("author__isnull", True),
                                        ("person__isnull", True),
                                        ("thread__isnull", False),
                                        ("topic__isnull", True),
                                    ),
                                    models.Q(
                                        ("article__isnull", True),
                                        ("author__isnull", True),
                                        ("person__isnull", True),
                                        ("thread__isnull", True),
                                        ("topic__isnull", False),
                                    ),
                                    models.Q(
                                        ("article__isnull", True),
                                        ("author__isnull", True),
                                        ("person__isnull", False),
                                        ("thread__isnull", True),
                                        ("topic__isnull", True),
                                    ),
                                    models.Q(
                                        ("article__isnull", True),
                                        ("author__isnull", False),
                                        ("person__isnull", True),
                                        ("thread__isnull", True),
                                        ("topic__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_stance_has_one_target",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("author", None), ("verb", "follow"), _connector="OR"),
                                name="authors_are_only_followed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("person", None),
                                    models.Q(("person", models.F("reader")), _negated=True),
                                    _connector="OR",
                                ),
                                name="no_stance_towards_oneself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("verb", "neither"), _negated=True),
                                    ("thread__isnull", False),
                                    _connector="OR",
                                ),
                                name="only_threads_are_unfollowed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedArticle",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_articles",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.article"
                            ),
                        ),
                        ("saved_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(models.F("reader"), models.F("article"), name="saved_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchDocument",
                    fields=[
                        (
                            "article",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search_document",
                                serialize=False,
                                to="articles.article",
                            ),
                        ),
                        ("headline", models.TextField()),
                        ("standfirst", models.TextField()),
                        ("body", models.TextField()),
                        ("topics", models.TextField()),
                        ("authors", models.TextField()),
                    ],
                    options={
                        "verbose_name": "search document",
                    },
                ),
                migrations.CreateModel(
                    name="CommentDocument",
                    fields=[
                        (
                            "comment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search_document",
                                serialize=False,
                                to="articles.comment",
                            ),
                        ),
                        ("body", models.TextField()),
                    ],
                    options={
                        "verbose_name": "comment search document",
                    },
                ),
            ]
        ),
        # See 0025.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("article", "stamp")]),
        step("0002_search", "create_index"),
        step("0034_comment_search_and_vocabulary", "create_index"),
        step("0003_groups", "create_groups"),
        step("0017_picture_permissions", "add_permissions"),
        step("0004_cache_table", "create_table"),
        migrations.RunPython(create_missing),
        migrations.RunPython(record_current_version),
    ]
