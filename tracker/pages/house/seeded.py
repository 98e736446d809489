"""Names that come with the seed and that the pages say in the reader's language."""

from django.utils.translation import gettext_noop

NAMES = (
    gettext_noop("All forecasts"),
    gettext_noop(
        "Every source with a forecast on the record. It ranks from the first question on, because the "
        "record begins with one article; other rankings ask for five."
    ),
    gettext_noop("War in Syria"),
    gettext_noop("Questions on the war in Syria."),
    gettext_noop("Islamic State"),
    gettext_noop("Terrorism"),
    gettext_noop("House scale"),
)
