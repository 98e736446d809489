"""Mails as files: what stands in for a mail server until one is named."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    """
    Writes each mail to a file of its own in EMAIL_FILE_PATH, the oldest first by name.

    A mail holds links that let somebody act, so its owner alone reads it, and no log gets a word of it.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails and return how many. Raises OSError, unless it is to fail silently."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for each in email_messages:
                self._write(each)
        except OSError:
            if not self.fail_silently:
                raise
            return 0
        return len(email_messages)

    def _write(self, mail: EmailMessage) -> None:
        """Write it under another name first, so that nobody reads half of one."""
        name = f"{timezone.now():%Y%m%dT%H%M%S.%fZ}-{uuid4().hex[:8]}"
        begun = self.folder / f".{name}.part"
        with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(mail.message().as_bytes())
        begun.rename(self.folder / f"{name}.eml")
