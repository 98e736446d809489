"""What was public, and had a forecast, stays public: questions, and the words that forecasts rest on."""

from django.db import migrations

from forecasts.models.ledger import GENESIS, digest, merkle_root

LEDGER_LOCK = 0x1ED6E4
FORM = 2
KEPT = """
INSERT INTO forecasts_publication (question_id, statement_id, public, since, how, reason, recorded_at, block)
SELECT question.id, NULL::bigint, true, question.recorded_at, 'before', '', %(now)s, %(block)s
FROM forecasts_question AS question
WHERE EXISTS (SELECT FROM forecasts_forecast WHERE question_id = question.id)
UNION ALL
SELECT NULL, statement.id, true, statement.recorded_at, 'before', '', %(now)s, %(block)s
FROM forecasts_statement AS statement
WHERE status = 'accepted' AND EXISTS (SELECT FROM forecasts_forecast WHERE statement_id = statement.id)
"""
COLUMNS = ("question_id", "statement_id", "public", "since", "how", "reason", "recorded_at", "recorded_by_id")


def keep_public(apps, schema_editor):
    Entry = apps.get_model("forecasts", "Entry")
    Publication = apps.get_model("forecasts", "Publication")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
        cursor.execute("SELECT now()")
        (now,) = cursor.fetchone()
        last = Entry.objects.order_by("-sequence").first()
        sequence = last.sequence + 1 if last else 1
        cursor.execute(KEPT, {"now": now, "block": sequence})
    rows = Publication.objects.filter(block=sequence).order_by("pk").values(*COLUMNS)
    leaves = [digest(_fact(row)) for row in rows.iterator(chunk_size=2000)]
    if leaves:
        _append(Entry, sequence, last.sha256 if last else GENESIS, leaves, now)


def _fact(row):
    return {name.removesuffix("_id"): value for name, value in row.items()}


def _append(entries, sequence, previous, leaves, now):
    entry = {
        "sequence": sequence,
        "kind": "publication",
        "facts": len(leaves),
        "form": FORM,
        "fact_sha256": merkle_root(leaves),
        "previous_sha256": previous,
        "recorded_at": now,
    }
    entries.objects.create(**entry, fact_id=None, sha256=digest({**entry, "fact": None}))


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0017_publications")]

    operations = [migrations.RunPython(keep_public, migrations.RunPython.noop)]
