"""Halves of characters (lone surrogates), which JSON and Python's texts can hold and UTF-8 cannot."""


def is_text(value: str) -> bool:
    """Whether a text can be written as UTF-8: no half of a character is in it."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def escaped(value: str) -> str:
    r"""The text with halves of characters escaped, as in `\ud800`."""
    return value.encode("utf-8", "backslashreplace").decode()
