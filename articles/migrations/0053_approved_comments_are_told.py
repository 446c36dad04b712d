"""Notifications of authors whose held comments were published."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0052_erased_senders_of_notices")]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
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
                    ("approved", "comment approved by a moderator"),
                ],
                max_length=8,
            ),
        ),
    ]
