"""Notices that anyone could have seen to be unfounded, and their senders."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0043_privacy_page_with_table"),
    ]

    operations = [
        migrations.AddField(
            model_name="noticedplace",
            name="manifestly_unfounded",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="action",
            field=models.CharField(
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
                    ("pick", "made a comment an editors’ pick"),
                    ("unpick", "removed an editors’ pick"),
                    ("request_quote", "asked to quote a comment"),
                    ("end_quote", "removed a quote or cancelled a request for one"),
                ],
                max_length=13,
                verbose_name="action",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticedplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("manifestly_unfounded", False), ("action__isnull", False), _connector="OR"),
                name="unfounded_places_are_decided",
            ),
        ),
    ]
