"""What the documents name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`((?:config|forecasts|tracker|seeds|tests|findings)/[\w./-]*)`")
TO_COME = {"findings/NAME.sh"}


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    named = set(NAMED.findall((ROOT / document).read_text(encoding="utf-8"))) - TO_COME
    assert named
    assert [each for each in sorted(named) if not (ROOT / each).exists()] == []
