"""Articles lose their stamp, which versions of pages replaced. The column stays, for the previous release's code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0024_how_pictures_are_made")]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="stamp",
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="article", name="stamp")],
        ),
    ]
