"""Invitations to take on roles."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0017_picture_permissions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("roles", models.JSONField()),
                ("byline_name", models.CharField(blank=True, max_length=120)),
                ("created_at", models.DateTimeField(default=timezone.now)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "constraints": [
                    models.UniqueConstraint(
                        Lower("email"),
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        name="one_open_invitation_for_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"),
                        name="an_invitation_is_accepted_or_revoked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_by", None), ("accepted_at__isnull", False), _connector="OR"),
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
    ]
