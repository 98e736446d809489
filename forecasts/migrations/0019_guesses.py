"""Wrong guesses at passwords and secret addresses, counted in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0015_every_row_has_a_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("password", "password"), ("secret", "secret address or token")],
                        max_length=10,
                        verbose_name="what was guessed",
                    ),
                ),
                ("address", models.CharField(max_length=64, verbose_name="address, hashed")),
                ("name", models.CharField(blank=True, max_length=64, verbose_name="name, hashed")),
                ("count", models.PositiveIntegerField(verbose_name="wrong guesses")),
                ("last_at", models.DateTimeField(verbose_name="last one at")),
                ("address_until", models.DateTimeField(verbose_name="the address waits until")),
                ("name_until", models.DateTimeField(verbose_name="the name waits until")),
            ],
            options={
                "verbose_name": "guess",
                "verbose_name_plural": "guesses",
                "indexes": [
                    models.Index(fields=["what", "name"], name="guess_by_name"),
                    models.Index(fields=["last_at"], name="guess_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("what", "address", "name"),
                        name="guesses_are_counted_once_by_address_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["password", "secret"])),
                        name="guessed_thing_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="guess_was_made"),
                ],
            },
        ),
    ]
