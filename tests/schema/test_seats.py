"""As many are open as there are seats."""

import pytest

from schema.seats import NoSeatError, Seats


def test_one_more_than_there_are_seats_is_refused_until_one_is_free():
    counts: list[int] = []
    seats = Seats(2, counts.append)
    with seats.taken():
        with seats.taken(), pytest.raises(NoSeatError), seats.taken():
            pass
        with seats.taken():
            pass
    assert counts == [1, 2, 1, 2, 1, 0]


def test_a_seat_is_free_again_after_a_failure():
    seats = Seats(1)
    with pytest.raises(ZeroDivisionError), seats.taken():
        raise ZeroDivisionError
    with seats.taken():
        pass
