"""Notices whose sender's name and email address were erased, some time after the decision."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0051_held_comments_by_risk")]

    operations = [
        migrations.AddField(model_name="notice", name="sender_erased_at", field=models.DateTimeField(null=True)),
        migrations.RemoveConstraint(model_name="notice", name="notices_have_a_sender"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("about_child_abuse", True),
                    models.Q(models.Q(("name", ""), _negated=True), models.Q(("email", ""), _negated=True)),
                    ("sender_erased_at__isnull", False),
                    _connector="OR",
                ),
                name="notices_have_a_sender",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sender_erased_at", None),
                    models.Q(("email", ""), ("name", ""), models.Q(("state", "open"), _negated=True)),
                    _connector="OR",
                ),
                name="senders_are_erased_after_the_decision",
            ),
        ),
    ]
