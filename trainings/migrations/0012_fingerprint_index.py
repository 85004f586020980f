"""Adds the index by which an uploaded file is compared with those that were issued."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trainings", "0011_courses_on_violence")]

    operations = [
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["sha256"], name="certificate_fingerprint"),
        ),
    ]
