import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Apart from the one before: PostgreSQL changes no table of which rows were changed in the same transaction."""

    dependencies = [("articles", "0021_loans_of_an_article")]

    operations = [
        migrations.AlterField(
            "Loan",
            "article",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="loans",
                to="articles.article",
            ),
        ),
        migrations.AddIndex(
            "Loan", models.Index("article", condition=Q(state="lent"), name="words_lent_to_an_article")
        ),
    ]
