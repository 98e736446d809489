"""
Every column of text has a limit, in the database too.

What is there already is not looked at again: much of it is facts, which nobody may change.
"""

import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import forecasts.models.limited
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0023_named_tokens_are_seen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="error",
            field=forecasts.models.limited.LimitedText(blank=True, max_length=2000, verbose_name="error"),
        ),
        migrations.AlterField(
            model_name="board",
            name="description",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=5000, verbose_name="description"
            ),
        ),
        migrations.AlterField(
            model_name="board",
            name="filter",
            field=forecasts.models.limited.LimitedJson(
                blank=True,
                default=dict,
                help_text="topics, languages, source_kinds, question_kinds, outlets: lists; "
                "stated_only: true or false; unit: what a ranking by CRPS is of.",
                max_length=20000,
                verbose_name="filter",
            ),
        ),
        migrations.AlterField(
            model_name="computation",
            name="error",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="last error"
            ),
        ),
        migrations.AlterField(
            model_name="deadlinemove",
            name="deadline_reason",
            field=forecasts.models.limited.LimitedText(
                blank=True,
                help_text="How a deadline set by us was chosen.",
                max_length=5000,
                verbose_name="how the deadline was chosen",
            ),
        ),
        migrations.AlterField(
            model_name="deadlinemove",
            name="deadline_said",
            field=forecasts.models.limited.LimitedText(
                blank=True,
                help_text="The words that it was read from.",
                max_length=2000,
                verbose_name="words of the deadline",
            ),
        ),
        migrations.AlterField(
            model_name="deadlinemove",
            name="reason",
            field=forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="decision",
            name="reason",
            field=forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="deskmove",
            name="reason",
            field=forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="digest",
            name="error",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="last error"
            ),
        ),
        migrations.AlterField(
            model_name="dispute",
            name="quote",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=100000, verbose_name="words of the evidence"
            ),
        ),
        migrations.AlterField(
            model_name="dispute",
            name="reason",
            field=forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="document",
            name="provenance",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=5000, verbose_name="provenance"
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="text",
            field=forecasts.models.limited.LimitedText(max_length=2000000, verbose_name="text"),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="quote",
            field=forecasts.models.limited.LimitedText(max_length=100000, verbose_name="quote or finding"),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="text",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=200000, verbose_name="text of the evidence"
            ),
        ),
        migrations.AlterField(
            model_name="forecast",
            name="deadline_reason",
            field=forecasts.models.limited.LimitedText(
                blank=True,
                help_text="How a deadline set by us was chosen.",
                max_length=5000,
                verbose_name="how the deadline was chosen",
            ),
        ),
        migrations.AlterField(
            model_name="forecast",
            name="deadline_said",
            field=forecasts.models.limited.LimitedText(
                blank=True,
                help_text="The words that it was read from.",
                max_length=2000,
                verbose_name="words of the deadline",
            ),
        ),
        migrations.AlterField(
            model_name="forecast",
            name="note",
            field=forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="forecast",
            name="said",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="what was said of it"
            ),
        ),
        migrations.AlterField(
            model_name="import",
            name="error",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="last error"
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="error",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="last error"
            ),
        ),
        migrations.AlterField(
            model_name="merge",
            name="reason",
            field=forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="missedchat",
            name="error",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="last error"
            ),
        ),
        migrations.AlterField(
            model_name="preferences",
            name="unsubscribed",
            field=forecasts.models.limited.LimitedList(
                base_field=models.CharField(max_length=30),
                blank=True,
                default=list,
                help_text="Channels that the person has left, as in: mail.",
                size=20,
                verbose_name="no messages by",
            ),
        ),
        migrations.AlterField(
            model_name="publication",
            name="reason",
            field=forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="question",
            name="base_rate_basis",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=5000, verbose_name="basis of the base rate"
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="checklist",
            field=forecasts.models.limited.LimitedJson(
                blank=True, default=dict, max_length=20000, verbose_name="resolvability checklist"
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="condition",
            field=forecasts.models.limited.LimitedText(
                blank=True,
                help_text="The question is void if this fails.",
                max_length=5000,
                verbose_name="condition",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="criteria",
            field=forecasts.models.limited.LimitedText(max_length=100000, verbose_name="criteria"),
        ),
        migrations.AlterField(
            model_name="question",
            name="deadline_reason",
            field=forecasts.models.limited.LimitedText(
                blank=True,
                help_text="How a deadline set by us was chosen.",
                max_length=5000,
                verbose_name="how the deadline was chosen",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="deadline_said",
            field=forecasts.models.limited.LimitedText(
                blank=True,
                help_text="The words that it was read from.",
                max_length=2000,
                verbose_name="words of the deadline",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="options",
            field=forecasts.models.limited.LimitedList(
                base_field=models.CharField(max_length=200),
                blank=True,
                default=list,
                size=50,
                verbose_name="options",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="proposition",
            field=forecasts.models.limited.LimitedText(max_length=2000, verbose_name="question"),
        ),
        migrations.AlterField(
            model_name="question",
            name="translation",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="translation"
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="error",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="last error"
            ),
        ),
        migrations.AlterField(
            model_name="reply",
            name="text",
            field=forecasts.models.limited.LimitedText(max_length=100000, verbose_name="their words"),
        ),
        migrations.AlterField(
            model_name="resolution",
            name="note",
            field=forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="scale",
            name="note",
            field=forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="scale",
            name="source",
            field=forecasts.models.limited.LimitedText(max_length=5000, verbose_name="published source"),
        ),
        migrations.AlterField(
            model_name="scale",
            name="source_url",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=2000, verbose_name="address of the source"
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="description",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=5000, verbose_name="description"
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="external_ids",
            field=forecasts.models.limited.LimitedJson(
                blank=True,
                default=dict,
                help_text='For example {"wikidata": "Q42"}.',
                max_length=20000,
                verbose_name="external ids",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="claim",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=5000, verbose_name="claim in our words"
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="cues",
            field=forecasts.models.limited.LimitedList(
                base_field=models.CharField(max_length=200),
                blank=True,
                default=list,
                size=50,
                verbose_name="cues",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="quote",
            field=forecasts.models.limited.LimitedText(max_length=100000, verbose_name="verbatim words"),
        ),
        migrations.AlterField(
            model_name="statement",
            name="speaker_note",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=5000, verbose_name="note on the speaker"
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="translation",
            field=forecasts.models.limited.LimitedText(
                blank=True, max_length=100000, verbose_name="translation"
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="note",
            field=forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="tie",
            name="note",
            field=forecasts.models.limited.LimitedText(max_length=5000, verbose_name="what the conflict is"),
        ),
        migrations.AlterField(
            model_name="upholding",
            name="reason",
            field=forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="verdict",
            name="note",
            field=forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
        ),
        AddConstraintNotValid(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("error"), 2000
                ),
                name="attempt_error_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("description"), 5000
                ),
                name="board_description_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("filter", models.TextField())
                    ),
                    20000,
                ),
                name="board_filter_has_at_most_20000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="computation",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("error"), 2000
                ),
                name="computation_error_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("reason"), 5000
                ),
                name="deadlinemove_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("deadline_said"), 2000
                ),
                name="deadlinemove_deadline_said_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("deadline_reason"), 5000
                ),
                name="deadlinemove_deadline_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("reason"), 5000
                ),
                name="decision_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="deskmove",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("reason"), 5000
                ),
                name="deskmove_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="digest",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("error"), 2000
                ),
                name="digest_error_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("reason"), 5000
                ),
                name="dispute_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("quote"), 100000
                ),
                name="dispute_quote_has_at_most_100000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("provenance"), 5000
                ),
                name="document_provenance_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("text"), 2000000
                ),
                name="document_text_has_at_most_2000000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("quote"), 100000
                ),
                name="evidence_quote_has_at_most_100000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("text"), 200000
                ),
                name="evidence_text_has_at_most_200000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("said"), 2000
                ),
                name="forecast_said_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("note"), 5000
                ),
                name="forecast_note_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("deadline_said"), 2000
                ),
                name="forecast_deadline_said_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("deadline_reason"), 5000
                ),
                name="forecast_deadline_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("error"), 2000
                ),
                name="import_error_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("error"), 2000
                ),
                name="invitation_error_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("reason"), 5000
                ),
                name="merge_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="missedchat",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("error"), 2000
                ),
                name="missedchat_error_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(("unsubscribed__len__lte", 20)),
                name="preferences_unsubscribed_has_at_most_20_entries",
            ),
        ),
        AddConstraintNotValid(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("reason"), 5000
                ),
                name="publication_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("proposition"), 2000
                ),
                name="question_proposition_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("translation"), 2000
                ),
                name="question_translation_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("criteria"), 100000
                ),
                name="question_criteria_has_at_most_100000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("options__len__lte", 50)), name="question_options_has_at_most_50_entries"
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("condition"), 5000
                ),
                name="question_condition_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("checklist", models.TextField())
                    ),
                    20000,
                ),
                name="question_checklist_has_at_most_20000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("base_rate_basis"), 5000
                ),
                name="question_base_rate_basis_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("deadline_said"), 2000
                ),
                name="question_deadline_said_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("deadline_reason"), 5000
                ),
                name="question_deadline_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("error"), 2000
                ),
                name="reminder_error_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("text"), 100000
                ),
                name="reply_text_has_at_most_100000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("note"), 5000
                ),
                name="resolution_note_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="scale",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("source"), 5000
                ),
                name="scale_source_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="scale",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("source_url"), 2000
                ),
                name="scale_source_url_has_at_most_2000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="scale",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("note"), 5000
                ),
                name="scale_note_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("description"), 5000
                ),
                name="source_description_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("external_ids", models.TextField())
                    ),
                    20000,
                ),
                name="source_external_ids_has_at_most_20000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("quote"), 100000
                ),
                name="statement_quote_has_at_most_100000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("translation"), 100000
                ),
                name="statement_translation_has_at_most_100000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("claim"), 5000
                ),
                name="statement_claim_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("speaker_note"), 5000
                ),
                name="statement_speaker_note_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("cues__len__lte", 50)), name="statement_cues_has_at_most_50_entries"
            ),
        ),
        AddConstraintNotValid(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("note"), 5000
                ),
                name="term_note_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="tie",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("note"), 5000
                ),
                name="tie_note_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="upholding",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("reason"), 5000
                ),
                name="upholding_reason_has_at_most_5000_characters",
            ),
        ),
        AddConstraintNotValid(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("note"), 5000
                ),
                name="verdict_note_has_at_most_5000_characters",
            ),
        ),
    ]
