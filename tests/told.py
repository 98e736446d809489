"""What a text tells of a number: as a probability or per cent, in either language's writing."""

import re


def tells(text: str | bytes, percent: int) -> bool:
    """Whether the text gives this probability, not merely its digits in an id, a time or a key.

    >>> [tells(text, 37) for text in ("said 37 %", "0,37", "37 per cent", "37\N{NO-BREAK SPACE}%")]
    [True, True, True, True]
    >>> [tells(text, 37) for text in ("/questions/37/", "22:37:01", "a37f", "137 %", "10.37")]
    [False, False, False, False, False]
    """
    if isinstance(text, bytes):
        text = text.decode()
    number = rf"(?<!\w)(?:0?[.,]{percent}\d*\b|{percent}(?:[.,]\d+)?(?:\s|&nbsp;)*(?:%|per cent|procent))"
    return re.search(number, text) is not None
