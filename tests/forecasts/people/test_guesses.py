"""Wrong guesses are counted by address and by name, and each makes the next one wait longer."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from forecasts.models import Guess, Guessed
from forecasts.people.writes.guesses import (
    ADDRESS_WAITS,
    FREE,
    NAME_WAITS,
    REMEMBERED,
    PausedError,
    check_pause,
    count_guess,
    forget_guesses,
    sweep_guesses,
)
from tests.records import NOW

HOME, AWAY = "192.0.2.1", "198.51.100.7"


def guess(*, address=HOME, name="erin", now=NOW, what=Guessed.PASSWORD):
    """Guess once, and return how long was to be waited before that would have been looked at."""
    try:
        count_guess(what=what, address=address, name=name, now=now)
    except PausedError as error:
        return error.seconds
    return 0


def wait(*, address=HOME, name="erin", now=NOW, what=Guessed.PASSWORD):
    try:
        check_pause(what=what, address=address, name=name, now=now)
    except PausedError as error:
        return error.seconds
    return 0


def guess_patiently(count, *, name=lambda number: "erin", **rest):
    """Guess so many times, each as soon as it is looked at; return the waits between, and the time."""
    now, waits = NOW, []
    for number in range(count):
        while seconds := wait(name=name(number), now=now, **rest):
            waits.append(seconds)
            now += timedelta(seconds=seconds)
        assert not guess(name=name(number), now=now, **rest)
    return waits, now


@pytest.mark.django_db
def test_the_pause_of_an_address_doubles_up_to_a_quarter_of_an_hour():
    """Each time another name, so that it is the address alone that waits."""
    waits, _ = guess_patiently(13, name=lambda number: f"name{number}")
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


@pytest.mark.django_db
def test_the_pause_of_a_name_doubles_up_to_a_minute_wherever_it_is_guessed_from():
    now, waits = NOW, []
    for number in range(9):
        while seconds := wait(address=f"192.0.2.{number}", now=now):
            waits.append(seconds)
            now += timedelta(seconds=seconds)
        assert not guess(address=f"192.0.2.{number}", now=now)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.django_db
def test_from_one_address_nobody_shuts_a_name_out():
    """Whoever guesses waits a quarter of an hour; the name's owner, elsewhere, a minute."""
    _, now = guess_patiently(12)
    assert wait(now=now) == ADDRESS_WAITS.seconds
    assert wait(address=AWAY, now=now) == NAME_WAITS.seconds
    assert not wait(address=AWAY, now=now + NAME_WAITS)


@pytest.mark.django_db
def test_what_comes_during_a_pause_is_neither_looked_at_nor_counted():
    guess()
    assert [guess() for _ in range(20)] == [1] * 20
    assert Guess.objects.get().count == 1
    assert not guess(now=NOW + timedelta(seconds=1))


@pytest.mark.django_db
def test_a_right_password_takes_back_what_its_owner_mistyped_and_nothing_else():
    """Whoever has a password of their own can't clear their address with it to guess at another's."""
    guess_patiently(3, name=lambda number: "karl")
    assert not guess(name="erin", now=NOW + timedelta(minutes=1))
    forget_guesses(what=Guessed.PASSWORD, address=HOME, name="erin")
    assert Guess.objects.get().count == 3
    later = NOW + timedelta(minutes=2)
    assert not guess(name="karl", now=later)
    assert wait(name="nobody", now=later) == 8


@pytest.mark.django_db
def test_a_link_may_be_cut_off_some_times_before_that_counts_as_guessing():
    what = Guessed.SECRET
    free = FREE[what]
    assert [guess(what=what, name="") for _ in range(free + 2)] == [0] * (free + 1) + [1]
    assert not wait(what=what, name="", address=AWAY), "a secret has no name that could wait elsewhere"
    assert not wait(), "passwords are counted by themselves"


@pytest.mark.django_db
def test_after_a_day_without_a_guess_nothing_of_it_is_left():
    _, now = guess_patiently(8)
    assert sweep_guesses(now=now + REMEMBERED - timedelta(seconds=1)) == 0
    assert sweep_guesses(now=now + REMEMBERED) == 1
    _, now = guess_patiently(8)
    assert not guess(now=now + REMEMBERED)
    assert wait(now=now + REMEMBERED) == 1, "the count begins anew, swept or not"


@pytest.mark.django_db
def test_the_table_names_nobody():
    """People type their password where the name belongs."""
    guess(name="correct horse")
    assert not {HOME, "correct horse"} & {str(each) for each in vars(Guess.objects.get()).values()}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "in 1 second."), (64, "in 64 seconds."), (121, "in 3 minutes."), (900, "in 15 minutes.")],
)
def test_a_pause_says_how_long_it_is(seconds, words):
    assert PausedError(seconds).message == f"Too many wrong attempts. Try again {words}"


@pytest.mark.django_db(transaction=True)
def test_eight_guesses_at_once_are_one():
    """Each is counted before it is looked at, so those that come together wait for one another."""
    together, looked_at = Barrier(8), []

    def one():
        together.wait()
        with suppress(PausedError):
            count_guess(what=Guessed.PASSWORD, address=HOME, name="erin", now=NOW)
            looked_at.append(True)
        connection.close()

    threads = [Thread(target=one) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert len(looked_at) == 1
