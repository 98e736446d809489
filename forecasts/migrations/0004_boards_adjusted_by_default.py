"""New boards order by the score that is adjusted for difficulty and shrunk."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0003_imports")]

    operations = [
        migrations.AlterField(
            model_name="board",
            name="estimator",
            field=models.CharField(
                choices=[
                    ("raw", "raw mean"),
                    ("shrunk", "allowing for few questions"),
                    ("adjusted_fixed", "adjusted for difficulty (fixed effects)"),
                    ("adjusted_shrunk", "allowing for difficulty and few questions"),
                ],
                default="adjusted_shrunk",
                max_length=20,
                verbose_name="estimator",
            ),
        ),
    ]
