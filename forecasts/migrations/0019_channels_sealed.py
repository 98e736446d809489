"""The addresses of a desk's channels are secrets, and are encrypted in the database."""

import django.contrib.postgres.fields
import django.db.models.lookups
from django.db import migrations, models

from forecasts.models.sealing import seal, unseal


def seal_all(apps, schema_editor):
    for desk in apps.get_model("forecasts", "Desk").objects.exclude(channels=[]).only("channels"):
        desk.sealed_channels = [seal(each) for each in desk.channels]
        desk.save(update_fields=["sealed_channels"])


def unseal_all(apps, schema_editor):
    for desk in (
        apps.get_model("forecasts", "Desk").objects.exclude(sealed_channels=[]).only("sealed_channels")
    ):
        desk.channels = [unseal(each) for each in desk.sealed_channels]
        desk.save(update_fields=["channels"])


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0017_what_was_public"),
    ]

    operations = [
        migrations.AddField(
            model_name="desk",
            name="sealed_channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="channels, encrypted",
            ),
        ),
        migrations.RunPython(seal_all, unseal_all),
        migrations.RemoveField(model_name="desk", name="channels"),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Regex(
                    models.Func(
                        models.F("sealed_channels"),
                        models.Value(" "),
                        function="array_to_string",
                        output_field=models.TextField(),
                    ),
                    models.Value("^(gAAAA[\\w=-]+( |$))*$"),
                ),
                name="desk_channels_are_sealed",
            ),
        ),
    ]
