"""Indexes by which the catalogue and its calendar read one page, however many ediciones there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trainings", "0003_approvals_moves_nominations_and_notices"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                fields=["course", "state", "starts_on", "id"], name="edition_of_course"
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(fields=["state", "starts_on", "id"], name="edition_upcoming"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["starts_at", "id"], name="session_by_day"),
        ),
    ]
