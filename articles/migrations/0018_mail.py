"""Mail of what is in the inbox: how often each reader wants it, and when the next one leaves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0017_lent_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailDue",
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
                ("tries", models.PositiveSmallIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="inbox",
            name="mail",
            field=models.CharField(
                choices=[
                    ("at_once", "At once"),
                    ("daily", "Once a day"),
                    ("weekly", "Once a week"),
                    ("never", "Never"),
                ],
                default="daily",
                max_length=7,
                verbose_name="mail",
            ),
        ),
    ]
