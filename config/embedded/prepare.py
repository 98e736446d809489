"""
Make database, static files, editor and seed ready for a start; safe to run again.

Prints what to say about the login as JSON; all else goes to stderr.
"""

import hashlib
import json
import os
import secrets
import sys

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError

EDITOR = "editor"


def main() -> None:
    django.setup()
    call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
    if role := os.environ.get("WEB_ROLE"):
        call_command("web_role", role, verbosity=0)
    collect_static()
    login = make_editor()
    call_command("load_seed", stdout=sys.stderr)
    print(json.dumps({"login": login}))


def collect_static() -> None:
    """Collect the static files unless the same ones were collected before."""
    mark = settings.STATIC_ROOT / "collected.txt"
    files = _fingerprint_of_static()
    if mark.exists() and mark.read_text(encoding="ascii") == files:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True, stdout=sys.stderr)
    mark.write_text(files, encoding="ascii")


def _fingerprint_of_static() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = (storage.size(path), storage.get_modified_time(path).timestamp())
            digest.update(f"{path} {stat}\n".encode())
    return digest.hexdigest()


def make_editor() -> str:
    """Make the editor at the first start; return the login to show."""
    users = get_user_model().objects
    if users.filter(username=EDITOR).exists():
        return f"{EDITOR} (the password of the first start; ./run manage.py changepassword {EDITOR})"
    password = secrets.token_urlsafe(12)
    users.create_superuser(EDITOR, f"{EDITOR}@localhost", password)
    return f"{EDITOR} / {password}   (shown this once)"


if __name__ == "__main__":
    try:
        main()
    except OperationalError as error:
        sys.exit(f"run: the database does not answer: {error}")
