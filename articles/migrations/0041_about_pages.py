"""Who publishes the site, and pages that may be empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0040_job_runs"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="authorities_email",
            field=models.EmailField(
                blank=True, db_default="", default="", max_length=254, verbose_name="email for authorities"
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="contact_languages",
            field=models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="languages"),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="editor_email",
            field=models.EmailField(
                blank=True, db_default="", default="", max_length=254, verbose_name="email for readers"
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="legal_name",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=200, verbose_name="legal name of the publisher"
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="owners",
            field=models.TextField(blank=True, db_default="", default="", max_length=2000, verbose_name="owners"),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="phone",
            field=models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="phone"),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="police_contact",
            field=models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="police"),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="postal_address",
            field=models.TextField(
                blank=True, db_default="", default="", max_length=500, verbose_name="postal address"
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="public_funds",
            field=models.TextField(blank=True, db_default="", default="", max_length=2000, verbose_name="public money"),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="register",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=200, verbose_name="register and number"
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="responsible",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=200, verbose_name="responsible for the content"
            ),
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="security_email",
            field=models.EmailField(
                blank=True,
                db_default="",
                default="",
                max_length=254,
                verbose_name="email for reports of security problems",
            ),
        ),
        migrations.AlterField(
            model_name="sitepage",
            name="body",
            field=models.TextField(blank=True, help_text="Markdown", verbose_name="body"),
        ),
        migrations.AddConstraint(
            model_name="sitepage",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", ""), ("slug__in", ["rules", "privacy", "pictures"]), _negated=True),
                name="required_pages_have_a_text",
            ),
        ),
    ]
