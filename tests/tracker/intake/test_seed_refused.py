"""A seed folder that is broken, or not the one that was annotated, is refused whole."""

import json

import pytest
from django.core.management import CommandError, call_command

from forecasts.models import Document, Source
from tests.tracker.intake.test_seed import NOW, SEEDS
from tracker.intake.seed import SeedError, load_seed

pytestmark = pytest.mark.django_db


def _copy(folder, **changes):
    (folder / "scales").mkdir()
    annotation = json.loads((SEEDS / "annotation.json").read_text())
    annotation["document"].update(changes)
    (folder / "annotation.json").write_text(json.dumps(annotation))
    article = annotation["document"]["file"]
    (folder / article).write_bytes((SEEDS / article).read_bytes())
    return folder


def test_another_text_than_the_annotated_one_is_refused(tmp_path):
    with pytest.raises(SeedError, match="SHA-256 differs"):
        load_seed(folder=_copy(tmp_path, sha256="0" * 64), now=NOW)
    assert not Document.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.parametrize(("text", "message"), [(None, "is missing"), ("{", "is not valid JSON")])
def test_a_broken_seed_folder_says_what_is_wrong(tmp_path, text, message):
    if text is not None:
        (tmp_path / "annotation.json").write_text(text)
    with pytest.raises(CommandError, match=message):
        call_command("load_seed", "--folder", str(tmp_path))
