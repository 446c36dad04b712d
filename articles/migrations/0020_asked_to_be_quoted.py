"""A reader is asked whether the paper may quote them, not told that it does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0019_articles_go_whole"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reply", "a reply to you"),
                    ("mention", "you were mentioned"),
                    ("thread", "new in a thread that you follow"),
                    ("story", "new in a story that you follow"),
                    ("person", "from a person whom you follow"),
                    ("topic", "a story with a topic that you follow"),
                    ("author", "a story by a person whom you follow"),
                    ("hidden", "a moderator hid your comment"),
                    ("picked", "the editors picked your comment"),
                    ("lifted", "the paper asks to quote you"),
                ],
                max_length=8,
            ),
        ),
    ]
