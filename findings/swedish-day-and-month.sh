#!/bin/sh
# dateparser 1.5.0 reads a Swedish day and month, "15 maj", as May 2015, and "31 maj" as May 2031.
#
# With the language given, one would expect 15 May of the year at hand. Days up to 12 come out right, so a few
# trials show nothing; beyond, the day is that of the date counted from (here the first). The language's own
# order of date is year, month, day, and a number that can be no month becomes the year. `DATE_ORDER` set to
# "DMY" reads all of them right; dates with a year are right anyway.
#
# Seen on 29 November 2026:
#   3 maj 2017-05-03 | 15 maj 2015-05-01 | 31 maj 2031-05-01 | 15 maj 2017 2017-05-15 | by DMY: 15 maj 2017-05-15
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet dateparser==1.5.0
seen=$("$folder/env/bin/python" - <<'PYTHON'
from datetime import datetime

import dateparser


def read(words, **settings):
    settings = {"RELATIVE_BASE": datetime(2017, 4, 1), **settings}
    return dateparser.parse(words, languages=["sv"], settings=settings).date()


told = [f"{words} {read(words)}" for words in ("3 maj", "15 maj", "31 maj", "15 maj 2017")]
print(" | ".join([*told, f"by DMY: 15 maj {read('15 maj', DATE_ORDER='DMY')}"]))
PYTHON
)
echo "$seen"
[ "$seen" = "3 maj 2017-05-03 | 15 maj 2015-05-01 | 31 maj 2031-05-01 | 15 maj 2017 2017-05-15 | by DMY: 15 maj 2017-05-15" ]
