"""A board of a past date: cached under the version of that date, which the ledger tells."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0011_missed_chats"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["recorded_at"], name="ledger_recorded"),
        ),
    ]
