"""Rows that the public sees are named by a random key: counting ids stay inside."""

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models

SEEN = (
    *("document", "statement", "question", "forecast", "verdict", "resolution"),
    *("dispute", "reply", "board", "standing"),
)


def key() -> models.UUIDField:
    return models.UUIDField(db_default=RandomUUID(), editable=False, unique=True, verbose_name="key")


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0019_api_tokens")]

    operations = [migrations.AddField(model_name=model, name="key", field=key()) for model in SEEN]
