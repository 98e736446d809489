#!/bin/sh
# feedparser 6.0.14 reads the zone names CET, CEST, BST and JST in a date as UTC, and says nothing.
#
# A feed may write its times with the name of a zone (RFC 822 knows UT, GMT and those of North America; many
# feeds write their own). One would expect CEST to be two hours before UTC, or the date to be missing, or `bozo`
# to be set. EST is read as five hours behind, so names in general do work. An hour or two decides whether a
# forecast came before the answer was known.
#
# Seen on 29 November 2026:
#   EST 17:00 UTC | GMT 12:00 UTC | CET 12:00 UTC | CEST 12:00 UTC | BST 12:00 UTC | JST 12:00 UTC | +0200 10:00 UTC
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet feedparser==6.0.14
seen=$("$folder/env/bin/python" - <<'PYTHON'
import time

import feedparser

told = []
for zone in ("EST", "GMT", "CET", "CEST", "BST", "JST", "+0200"):
    feed = feedparser.parse(
        '<rss version="2.0"><channel><title>Example</title><item><title>Example</title>'
        f"<pubDate>Tue, 05 Sep 2017 12:00:00 {zone}</pubDate></item></channel></rss>"
    )
    assert not feed.bozo, "it says nothing"
    told.append(f"{zone} {time.strftime('%H:%M', feed.entries[0].published_parsed)} UTC")
print(" | ".join(told))
PYTHON
)
echo "$seen"
[ "$seen" = "EST 17:00 UTC | GMT 12:00 UTC | CET 12:00 UTC | CEST 12:00 UTC | BST 12:00 UTC | JST 12:00 UTC | +0200 10:00 UTC" ]
