#!/bin/sh
# htmldate 1.11.0 dates a Swedish article "Publicerad 14 maj 2025" to 1 January 2025.
#
# Most months are read: 14 January and 14 March come out right, and so does the English May. Of May and August
# ("maj", "augusti") only the year is found, and a full date on the first of January is made of it, which looks
# like any other date. An article of May then stands four months before the events that it speaks of.
#
# Seen on 29 November 2026:
#   januari 2025-01-14 | mars 2025-03-14 | maj 2025-01-01 | augusti 2025-01-01 | oktober 2025-10-14 | May 2025-05-14
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet htmldate==1.11.0
seen=$("$folder/env/bin/python" - <<'PYTHON'
from htmldate import find_date

PAGE = (
    '<html lang="{language}"><head><title>Example</title></head><body><article><h1>Example</h1>'
    '<p class="date">{word} 14 {month} 2025</p><p>Text.</p></article></body></html>'
)
MONTHS = [("sv", "Publicerad", each) for each in ("januari", "mars", "maj", "augusti", "oktober")]
told = []
for language, word, month in [*MONTHS, ("en", "Published", "May")]:
    page = PAGE.format(language=language, word=word, month=month)
    told.append(f"{month} {find_date(page, original_date=True)}")
print(" | ".join(told))
PYTHON
)
echo "$seen"
[ "$seen" = "januari 2025-01-14 | mars 2025-03-14 | maj 2025-01-01 | augusti 2025-01-01 | oktober 2025-10-14 | May 2025-05-14" ]
