"""Validators: what of a server's answer may stand in the next request, and what is garbage."""

import pytest

from loaders.fetching.validators import Validators

URL = "https://site.test/a"
DATE = "Mon, 05 May 2025 10:00:00 GMT"
LATER = "Mon, 05 May 2025 10:01:00 GMT"


@pytest.mark.parametrize("etag", ['"a"', 'W/"a"', '"\'!#~"', f'"{"x" * 200}"'])
def test_an_etag_is_asked_with_as_it_was_given_be_it_weak_or_strong(etag: str):
    found = Validators.of(URL, {"etag": etag})
    assert found == Validators(URL, etag)
    assert found.headers == {"if-none-match": etag}


@pytest.mark.parametrize(
    "etag",
    [
        *("", '""', "a", '"a', 'w/"a"', '"a", "b"', '"a b"', '"a"b"'),
        *('"a\r\nx-evil: 1"', '"\x00"', '"\x7f"', '"é"', f'"{"x" * 201}"', "*"),
    ],
)
def test_an_etag_that_breaks_the_form_is_none(etag: str):
    assert Validators.of(URL, {"etag": etag}) is None
    with pytest.raises(ValueError, match="ETag"):
        Validators(URL, etag)


def test_a_date_is_asked_with_where_the_page_had_rested_for_a_minute():
    found = Validators.of(URL, {"last-modified": DATE, "date": LATER})
    assert found == Validators(URL, None, DATE)
    assert found.headers == {"if-modified-since": DATE}


@pytest.mark.parametrize(
    "given", ["", DATE, "Mon, 05 May 2025 10:00:59 GMT", "Sun, 04 May 2025 10:00:00 GMT"]
)
def test_a_date_tells_nothing_of_a_page_that_was_changed_just_then(given: str):
    """It may have been changed once more within the same second."""
    assert Validators.of(URL, {"last-modified": DATE, "date": given}) is None


@pytest.mark.parametrize(
    "changed",
    [
        *("", "yesterday", "0", "Tue, 05 May 2025 10:00:00 GMT", "Mon, 35 May 2025 10:00:00 GMT"),
        *("Monday, 05-May-25 10:00:00 GMT", "Mon, 05 May 2025 10:00:00 +0000", f"{DATE}\r\nx-evil: 1"),
        *(f"{DATE}{' ' * 10_000}", "Mon, 0٥ May 2025 10:00:00 GMT"),
    ],
)
def test_a_date_that_breaks_the_form_is_none(changed: str):
    assert Validators.of(URL, {"last-modified": changed, "date": LATER}) is None


def test_nothing_is_no_validator():
    with pytest.raises(ValueError, match="no validator"):
        Validators(URL)
