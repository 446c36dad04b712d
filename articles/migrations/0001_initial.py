import articles.accounts.usernames
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
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
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "That name is taken."},
                        help_text="Your public name. Use letters, numbers, full stops, hyphens and underscores.",
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
                ("banned_reason", models.CharField(blank=True, max_length=300, verbose_name="reason for the ban")),
                ("exported_at", models.DateTimeField(editable=False, null=True)),
                ("unread", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("hides", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
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
            options={"verbose_name": "reader", "verbose_name_plural": "readers"},
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("headline", models.CharField(max_length=300, verbose_name="headline")),
                ("slug", models.SlugField(allow_unicode=True, max_length=100, verbose_name="slug")),
                ("headline_key", models.CharField(db_index=True, default="", editable=False, max_length=300)),
                ("standfirst", models.TextField(blank=True, verbose_name="standfirst")),
                ("body", models.TextField(blank=True, help_text="Markdown", verbose_name="body")),
                ("body_html", models.TextField(blank=True, editable=False)),
                ("language", models.CharField(default="en", max_length=15, verbose_name="language")),
                (
                    "place",
                    models.CharField(
                        blank=True, help_text="Starts the body as a dateline.", max_length=80, verbose_name="place"
                    ),
                ),
                ("source_url", models.URLField(blank=True, max_length=500, verbose_name="original URL")),
                (
                    "dated",
                    models.DateField(blank=True, help_text="The date in the URL.", null=True, verbose_name="dated"),
                ),
                (
                    "dated_at",
                    models.DateTimeField(
                        blank=True, help_text="Leave blank if unknown.", null=True, verbose_name="time of that day"
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
                ("updated_at", models.DateTimeField(blank=True, null=True, verbose_name="updated for readers")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("held_reason", models.TextField(blank=True, verbose_name="held because")),
                ("word_count", models.PositiveIntegerField(default=0, editable=False)),
                ("comment_count", models.PositiveIntegerField(default=0, editable=False)),
                ("revision_number", models.PositiveIntegerField(default=0, editable=False)),
                ("stamp", models.PositiveBigIntegerField(default=0, editable=False)),
                ("comments_closed_at", models.DateTimeField(blank=True, null=True, verbose_name="comments closed")),
                ("comments_closed_reason", models.CharField(blank=True, max_length=200, verbose_name="why closed")),
                ("comments_kept_open", models.BooleanField(default=False, verbose_name="comments kept open")),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "permissions": [("publish_article", "Can publish and withdraw articles")],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.PositiveIntegerField(default=0)),
                ("path", models.CharField(default="", max_length=160)),
                ("body", models.TextField(verbose_name="text")),
                ("body_html", models.TextField(editable=False)),
                ("html", models.TextField(editable=False)),
                ("html_version", models.PositiveIntegerField(default=0, editable=False)),
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
                ("thread_has_pick", models.BooleanField(default=False)),
                ("score", models.FloatField(default=0)),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "permissions": [("pick_comment", "Can make a comment an editors’ pick")],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                ("slug", models.SlugField(allow_unicode=True, max_length=60, unique=True, verbose_name="slug")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={"verbose_name": "section", "verbose_name_plural": "sections", "ordering": ["order", "name"]},
        ),
        migrations.CreateModel(
            name="SitePage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True, verbose_name="slug")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(help_text="Markdown", verbose_name="body")),
                ("body_html", models.TextField(blank=True, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
            ],
            options={"verbose_name": "site page", "verbose_name_plural": "site pages"},
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("address", models.URLField(blank=True, verbose_name="URL")),
            ],
            options={"verbose_name": "source", "verbose_name_plural": "sources", "ordering": ["name"]},
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
            options={"verbose_name": "search document"},
        ),
        migrations.CreateModel(
            name="ArticleTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Awaiting approval"), ("shown", "Shown"), ("rejected", "Rejected")],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("by_editor", models.BooleanField(default=False, verbose_name="set by an editor")),
                ("agreed", models.PositiveIntegerField(default=0, verbose_name="readers who agree")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="suggested")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="article_topics",
                        to="articles.article",
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
            ],
            options={
                "verbose_name": "article topic",
                "verbose_name_plural": "article topics",
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Author",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("slug", models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name="slug")),
                ("about", models.TextField(blank=True, verbose_name="about")),
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
            options={"verbose_name": "author", "verbose_name_plural": "authors", "ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Autosave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tab", models.CharField(default="", max_length=22)),
                ("fields", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(db_index=True)),
                (
                    "article",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.article"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(null=True)),
                ("source", models.TextField()),
                ("html", models.TextField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="articles.article"
                    ),
                ),
            ],
            options={"ordering": ["position"]},
        ),
        migrations.CreateModel(
            name="Byline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bylines", to="articles.article"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bylines", to="articles.author"
                    ),
                ),
            ],
            options={"ordering": ["order", "pk"]},
        ),
        migrations.AddField(
            model_name="article",
            name="authors",
            field=models.ManyToManyField(
                related_name="articles", through="articles.Byline", to="articles.author", verbose_name="authors"
            ),
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
                ("in_quote", models.BooleanField()),
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
                ("current_start", models.PositiveIntegerField(null=True)),
                ("current_text", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="comment",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="articles.article"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="comments",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="parent",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="replies",
                to="articles.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="picked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="picks",
                to=settings.AUTH_USER_MODEL,
                verbose_name="picked by",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="root",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="articles.comment"
            ),
        ),
        migrations.CreateModel(
            name="CommentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField()),
                ("body_html", models.TextField()),
                ("replaced_at", models.DateTimeField()),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="articles.comment"
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="DeskNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="note")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="written")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="desk_notes", to="articles.article"
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
            options={"verbose_name": "note", "verbose_name_plural": "notes", "ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="ImportedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, verbose_name="file")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
                ("encoding", models.CharField(default="utf-8", max_length=20, verbose_name="encoding")),
                ("raw", models.TextField(verbose_name="original text")),
                ("imported_at", models.DateTimeField(auto_now_add=True, verbose_name="imported")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imported_files",
                        to="articles.article",
                    ),
                ),
            ],
            options={"verbose_name": "imported file", "verbose_name_plural": "imported files", "ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="Guess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("accepted", models.BooleanField(null=True, verbose_name="accepted")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guesses", to="articles.article"
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
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guesses", to="articles.importedfile"
                    ),
                ),
            ],
            options={"verbose_name": "import decision", "verbose_name_plural": "import decisions", "ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="LinkTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            options={"verbose_name": "link", "verbose_name_plural": "links"},
        ),
        migrations.CreateModel(
            name="LostLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=300, verbose_name="text")),
                ("occurrence", models.PositiveIntegerField(default=0)),
                ("raw", models.CharField(blank=True, max_length=500, verbose_name="original target")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lost_links", to="articles.article"
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
            ],
            options={"verbose_name": "lost link", "verbose_name_plural": "lost links", "ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("announced", models.BooleanField(default=False)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="articles.comment"
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
            ],
            options={"verbose_name": "mention", "verbose_name_plural": "mentions"},
        ),
        migrations.CreateModel(
            name="ModerationAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                            ("ban", "banned a reader"),
                            ("unban", "lifted a ban"),
                            ("pick", "made a comment an editors’ pick"),
                            ("unpick", "removed an editors’ pick"),
                            ("request_quote", "asked to quote a comment"),
                            ("end_quote", "removed a quote or cancelled a request for one"),
                        ],
                        max_length=13,
                        verbose_name="action",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("batch", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
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
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="moderation_actions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="moderator",
                    ),
                ),
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
                    "reader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="moderation_actions_received",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "moderation action", "verbose_name_plural": "moderation log", "ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                        ],
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
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
                (
                    "reader",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="PendingFanout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(db_index=True)),
                ("last_reader_id", models.BigIntegerField(default=0)),
                (
                    "article",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.article"
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.comment"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PullQuote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="text")),
                ("speaker", models.CharField(blank=True, max_length=120, verbose_name="speaker")),
                ("role", models.CharField(blank=True, max_length=160, verbose_name="role")),
                ("speaker_confirmed", models.BooleanField(default=True, verbose_name="speaker confirmed")),
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
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pull_quotes", to="articles.article"
                    ),
                ),
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
            options={"verbose_name": "pull quote", "verbose_name_plural": "pull quotes", "ordering": ["order", "pk"]},
        ),
        migrations.CreateModel(
            name="QueuedEmail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            name="QuoteRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
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
                ("requested_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "after",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.block"
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
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quote_requests",
                        to="articles.comment",
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
            ],
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="RelatedLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(blank=True, max_length=80, verbose_name="label")),
                ("headline", models.CharField(max_length=300, verbose_name="headline when linked")),
                ("headline_key", models.CharField(db_index=True, default="", editable=False, max_length=300)),
                ("raw", models.TextField(blank=True, verbose_name="original link")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="external URL")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
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
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="related_links", to="articles.article"
                    ),
                ),
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
            ],
            options={
                "verbose_name": "“Also on” link",
                "verbose_name_plural": "“Also on” links",
                "ordering": ["order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[("text", "in the body"), ("box", "in a box"), ("source", "original link")],
                        max_length=6,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("not_fixed_reason", models.CharField(blank=True, max_length=300)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="articles.article"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="articles.linktarget"
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
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="articles.comment"
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
            ],
            options={"verbose_name": "report", "verbose_name_plural": "reports", "ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="saved")),
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
                    "decision_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="reason for the decision"),
                ),
                ("headline", models.CharField(max_length=300, verbose_name="headline")),
                ("standfirst", models.TextField(blank=True, verbose_name="standfirst")),
                ("body", models.TextField(blank=True, verbose_name="body")),
                ("companions", models.JSONField(default=dict, verbose_name="pull quotes and boxes")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="articles.article"
                    ),
                ),
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
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "revision", "verbose_name_plural": "revisions", "ordering": ["-number"]},
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="articles.revision"
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="read_revision",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="articles.revision"
            ),
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pins",
                        to="articles.article",
                        verbose_name="article",
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
            ],
            options={"verbose_name": "pin", "verbose_name_plural": "pins", "ordering": ["order", "pk"]},
        ),
        migrations.AddField(
            model_name="article",
            name="section",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="articles.section",
                verbose_name="section",
            ),
        ),
        migrations.CreateModel(
            name="SlugRedirect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dated", models.DateField()),
                ("slug", models.SlugField(allow_unicode=True, db_index=False, max_length=100)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slug_redirects",
                        to="articles.article",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="article",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="articles.source",
                verbose_name="source",
            ),
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "article_topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="taggings", to="articles.articletopic"
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
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=80, unique=True)),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True,
                        blank=True,
                        help_text="Leave blank to create it from the name. If you change it, old links stop working.",
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
            ],
            options={"verbose_name": "topic", "verbose_name_plural": "topics", "ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Stance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        choices=[("follow", "Follow"), ("hide", "Hide"), ("neither", "Neither")], max_length=8
                    ),
                ),
                ("created_at", models.DateTimeField()),
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
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stances", to=settings.AUTH_USER_MODEL
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
            ],
        ),
        migrations.AddField(
            model_name="articletopic",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="article_topics", to="articles.topic"
            ),
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField(db_index=True)),
                ("previous_newest", models.BigIntegerField()),
                ("current_newest", models.BigIntegerField()),
                ("previous_edition", models.PositiveIntegerField(default=0)),
                ("current_edition", models.PositiveIntegerField(default=0)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="articles.article"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="unique_email",
                violation_error_message="There’s already an account with that email.",
            ),
        ),
        migrations.AddConstraint(
            model_name="autosave",
            constraint=models.UniqueConstraint(
                models.F("person"), models.F("article"), models.F("tab"), name="unique_autosave_per_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="autosave",
            constraint=models.UniqueConstraint(
                models.F("person"),
                models.F("tab"),
                condition=models.Q(("article__isnull", True)),
                name="unique_autosave_per_new_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(models.F("article"), models.F("position"), name="unique_block_position"),
        ),
        migrations.AddConstraint(
            model_name="byline",
            constraint=models.UniqueConstraint(models.F("article"), models.F("author"), name="unique_byline_author"),
        ),
        migrations.AddField(
            model_name="passage",
            name="block",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="passages", to="articles.block"
            ),
        ),
        migrations.AddField(
            model_name="passage",
            name="quote",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="passages",
                to="articles.pullquote",
            ),
        ),
        migrations.AddField(
            model_name="passage",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="articles.revision"
            ),
        ),
        migrations.AddIndex(
            model_name="desknote",
            index=models.Index(
                models.F("article"), condition=models.Q(("resolved_at__isnull", True)), name="open_desk_notes"
            ),
        ),
        migrations.AddConstraint(
            model_name="desknote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="desk_notes_have_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="guess",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__range", (0, 1))), name="confidence_between_0_and_1"
            ),
        ),
        migrations.AddIndex(model_name="linktarget", index=models.Index(models.F("due_at"), name="links_due")),
        migrations.AddIndex(
            model_name="linktarget",
            index=models.Index(
                models.F("state"), models.OrderBy(models.F("checked_at"), descending=True), name="links_by_state"
            ),
        ),
        migrations.AddIndex(
            model_name="linktarget",
            index=models.Index(
                models.F("id"), condition=models.Q(("fix_url", ""), _negated=True), name="links_being_fixed"
            ),
        ),
        migrations.AddConstraint(
            model_name="linktarget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "moved"), _negated=True),
                    models.Q(("moved_to", ""), _negated=True),
                    _connector="OR",
                ),
                name="moved_links_have_moved_to",
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(models.F("comment"), models.F("reader"), name="unique_mention"),
        ),
        migrations.AddConstraint(
            model_name="moderationaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="moderation_has_a_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="notification", index=models.Index(models.F("reader"), models.F("id"), name="inbox")
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                models.F("reader"),
                models.F("article"),
                condition=models.Q(("read_at", None)),
                name="unread_notifications",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(models.F("article"), models.F("reader"), name="notifications_of_an_article"),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                models.F("comment"),
                models.F("reader"),
                condition=models.Q(("kind__in", ["hidden", "picked", "lifted"]), _negated=True),
                name="one_notification_per_comment",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                models.F("comment"), models.F("reader"), models.F("kind"), name="one_notification_per_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                models.F("article"),
                models.F("reader"),
                condition=models.Q(("comment", None)),
                name="one_notification_per_article",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("comment", None), ("kind__in", ["topic", "author"])),
                    models.Q(models.Q(("kind__in", ["topic", "author"]), _negated=True), ("comment__isnull", False)),
                    _connector="OR",
                ),
                name="article_notifications_have_no_comment",
            ),
        ),
        migrations.AddConstraint(
            model_name="pendingfanout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("article__isnull", False), ("comment", None)),
                    models.Q(("article", None), ("comment__isnull", False)),
                    _connector="OR",
                ),
                name="a_fanout_has_one_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="pullquote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="pull_quotes_have_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="pullquote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmation_reason", ""), _negated=True), ("confirmed_digest", ""), _connector="OR"
                ),
                name="confirmed_quotes_have_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="quoterequest",
            index=models.Index(
                models.F("article"), condition=models.Q(("state", "granted")), name="granted_quotes_by_article"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequest",
            constraint=models.UniqueConstraint(
                models.F("comment"),
                condition=models.Q(("state__in", ["requested", "granted"])),
                name="one_open_quote_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="quote_requests_have_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("revoked_at__isnull", True), ("state", "requested")),
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
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(models.F("reader"), models.F("comment"), name="recommendations_by_reader"),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(models.F("comment"), models.F("reader"), name="unique_recommendation"),
        ),
        migrations.AddConstraint(
            model_name="relatedlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("headline", ""), _negated=True), name="related_links_have_a_headline"
            ),
        ),
        migrations.AddConstraint(
            model_name="relatedlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("target__isnull", True), ("url", ""), _connector="OR"),
                name="related_links_have_one_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                models.F("article"),
                models.F("target"),
                condition=models.Q(("place", "text")),
                name="unique_link_in_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.UniqueConstraint(
                models.F("article"), condition=models.Q(("place", "source")), name="unique_source_link"
            ),
        ),
        migrations.AddConstraint(
            model_name="link", constraint=models.UniqueConstraint(models.F("box"), name="unique_link_per_box")
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("box__isnull", False), ("place", "box")),
                    models.Q(models.Q(("place", "box"), _negated=True), ("box__isnull", True)),
                    _connector="OR",
                ),
                name="box_links_have_a_box",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(models.F("comment"), models.F("reader"), name="unique_report"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="decided_reports_have_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(models.F("due_at"), condition=models.Q(("state", "scheduled")), name="changes_due"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(models.F("article"), models.F("number"), name="unique_revision_number"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                models.F("article"), models.F("edition"), name="unique_revision_edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("public_at__isnull", True), ("state", "saved"), _connector="OR"),
                name="only_saved_revisions_are_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "scheduled"), _negated=True),
                    models.Q(("base_number__isnull", False), ("due_at__isnull", False)),
                    _connector="OR",
                ),
                name="scheduled_changes_have_due_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("edition__isnull", True), ("public_at__isnull", False), _connector="OR"),
                name="editions_are_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_at__isnull", True), models.Q(("removal_notice", ""), _negated=True), _connector="OR"
                ),
                name="removed_editions_have_a_notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                models.F("article"), condition=models.Q(("state", "scheduled")), name="unique_scheduled_change"
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(
                models.OrderBy(models.F("made_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="newest_corrections",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="corrections_have_text"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("article"), models.F("root"), models.F("id"), name="comments_oldest_first"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"), models.F("root"), models.F("score"), models.F("id"), name="comments_by_score"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"),
                models.F("root"),
                models.F("thread_has_pick"),
                models.F("score"),
                models.F("id"),
                name="comments_picks_first",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"), models.F("id"), condition=models.Q(("badge", "author")), name="author_replies"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"),
                models.F("picked_at"),
                condition=models.Q(("picked_at__isnull", False)),
                name="editors_picks",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("article"), models.F("score"), models.F("id"), name="comments_by_article_score"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("root"), models.F("path"), models.F("id"), name="comments_in_reading_order"),
        ),
        migrations.AddIndex(
            model_name="comment", index=models.Index(models.F("parent"), models.F("id"), name="comments_by_parent")
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("author"), models.F("posted_at"), name="comments_by_author"),
        ),
        migrations.AddIndex(
            model_name="comment", index=models.Index(models.F("state"), models.F("posted_at"), name="comments_by_state")
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("article"), models.F("state"), models.F("id"), name="latest_comments"),
        ),
        migrations.AddIndex(
            model_name="comment", index=models.Index(models.F("html_version"), name="comments_by_html_version")
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(models.F("author"), models.F("token"), name="unique_comment_per_form"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("depth", 0), ("parent__isnull", True), ("root__isnull", True)),
                    models.Q(("depth__gt", 0), ("parent__isnull", False), ("root__isnull", False)),
                    _connector="OR",
                ),
                name="replies_have_a_root",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("never_shown", False), ("state__in", ["hidden", "withdrawn"]), _connector="OR"),
                name="never_shown_is_not_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("picked_at__isnull", True), ("state", "visible"), _connector="OR"),
                name="picks_are_visible",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("picked_at__isnull", False), ("picked_by__isnull", True), _connector="OR"),
                name="picks_have_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="pin",
            constraint=models.UniqueConstraint(models.F("article"), models.F("section"), name="unique_pin_per_section"),
        ),
        migrations.AddConstraint(
            model_name="pin",
            constraint=models.UniqueConstraint(
                models.F("article"), condition=models.Q(("section__isnull", True)), name="unique_pin_on_front_page"
            ),
        ),
        migrations.AddConstraint(
            model_name="pin",
            constraint=models.CheckConstraint(condition=models.Q(("order__gte", 1)), name="pin_order_from_1"),
        ),
        migrations.AddConstraint(
            model_name="slugredirect",
            constraint=models.UniqueConstraint(models.F("dated"), models.F("slug"), name="unique_slug_redirect"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("status"),
                models.OrderBy(models.F("dated"), descending=True),
                models.OrderBy(models.F("dated_at"), descending=True),
                name="newest_articles",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(models.F("status"), models.F("go_live_at"), name="articles_by_go_live"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(models.F("dated"), models.F("slug"), name="unique_slug_per_day"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "live"), _negated=True),
                    models.Q(("dated__isnull", False), ("go_live_at__isnull", False)),
                    _connector="OR",
                ),
                name="live_articles_have_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("headline", ""), _negated=True), name="articles_have_a_headline"
            ),
        ),
        migrations.AddIndex(
            model_name="tagging",
            index=models.Index(models.F("reader"), models.F("created_at"), name="taggings_by_reader"),
        ),
        migrations.AddConstraint(
            model_name="tagging",
            constraint=models.UniqueConstraint(
                models.F("article_topic"), models.F("reader"), name="unique_tagging_per_reader"
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(models.F("created_by"), models.F("created_at"), name="topics_by_creator"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="topic_name_not_empty"
            ),
        ),
        migrations.AddIndex(
            model_name="stance",
            index=models.Index(
                models.F("article"),
                models.F("verb"),
                models.F("reader"),
                condition=models.Q(("article__isnull", False)),
                name="stances_on_a_article",
            ),
        ),
        migrations.AddIndex(
            model_name="stance",
            index=models.Index(
                models.F("thread"),
                models.F("verb"),
                models.F("reader"),
                condition=models.Q(("thread__isnull", False)),
                name="stances_on_a_thread",
            ),
        ),
        migrations.AddIndex(
            model_name="stance",
            index=models.Index(
                models.F("topic"),
                models.F("verb"),
                models.F("reader"),
                condition=models.Q(("topic__isnull", False)),
                name="stances_on_a_topic",
            ),
        ),
        migrations.AddIndex(
            model_name="stance",
            index=models.Index(
                models.F("person"),
                models.F("verb"),
                models.F("reader"),
                condition=models.Q(("person__isnull", False)),
                name="stances_on_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.UniqueConstraint(models.F("reader"), models.F("article"), name="one_stance_a_article"),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.UniqueConstraint(models.F("reader"), models.F("thread"), name="one_stance_a_thread"),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.UniqueConstraint(models.F("reader"), models.F("topic"), name="one_stance_a_topic"),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.UniqueConstraint(models.F("reader"), models.F("person"), name="one_stance_a_person"),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("article__isnull", False), ("person", None), ("thread", None), ("topic", None)),
                    models.Q(("article", None), ("person", None), ("thread__isnull", False), ("topic", None)),
                    models.Q(("article", None), ("person", None), ("thread", None), ("topic__isnull", False)),
                    models.Q(("article", None), ("person__isnull", False), ("thread", None), ("topic", None)),
                    _connector="OR",
                ),
                name="a_stance_has_one_target",
            ),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("person", None), models.Q(("person", models.F("reader")), _negated=True), _connector="OR"
                ),
                name="no_stance_towards_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="stance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verb", "neither"), _negated=True), ("thread__isnull", False), _connector="OR"
                ),
                name="only_threads_are_unfollowed",
            ),
        ),
        migrations.AddIndex(
            model_name="articletopic",
            index=models.Index(
                models.F("topic"), models.F("state"), models.F("article"), name="article_topics_by_topic"
            ),
        ),
        migrations.AddIndex(
            model_name="articletopic",
            index=models.Index(models.F("state"), models.F("agreed"), name="article_topics_by_state"),
        ),
        migrations.AddConstraint(
            model_name="articletopic",
            constraint=models.UniqueConstraint(models.F("article"), models.F("topic"), name="unique_topic_per_article"),
        ),
        migrations.AddConstraint(
            model_name="articletopic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "rejected"), _negated=True), ("by_editor", True), _connector="OR"
                ),
                name="only_editors_reject_topics",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(models.F("reader"), models.F("article"), name="unique_visit"),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.CheckConstraint(
                condition=models.Q(("exact", ""), _negated=True), name="passages_have_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.CheckConstraint(
                condition=models.Q(("block__isnull", True), ("quote__isnull", True), _connector="OR"),
                name="passages_have_one_location",
            ),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.CheckConstraint(
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
        ),
    ]
