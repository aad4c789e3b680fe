"""Lines that are no part of an article, each with the reason for which it is left out."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a line is left out; the value says it to people, the name is the code for scripts."""

    BUTTON = "a button or label of the page"
    PLEA = "a plea to subscribe, sign up or follow, or a notice of the site"
    RIGHTS = "a notice of rights or terms"
    TEASER = "a teaser of another article"
    CALL = "a button that sells something"
    OFFER = "what a button below it sells"
    NAVIGATION = "words of menus and buttons"
    LABELS = "labels side by side: a menu"
    LABEL_LIST = "a list of labels outside the article: a menu"
    BOX = "a box of links under a heading such as `Most popular`"
    LINKS = "one of several links below each other: a menu"
    CONTENTS = "a table of contents"
    CREDIT = "who took a picture, or what it shows"
    READING_TIME = "the time that reading takes; a date in it is kept"
    AGE = "the age of an article, such as `4 hours ago`"
    BYLINE = "the byline; its names are kept as the authors"
    DATELINE = "a line with nothing but a date, which is kept"
    AUTHOR = "about the author"
    ABOVE_TITLE = "above the title: a menu or the name of the site"
    REPEAT = "the title again"
    CARD = "a stretch of teasers with their bylines and ages"
    STUB = "a few words after the last paragraph"
    MARKUP = "markup that no reader sees"
    ONLY_MENUS = "the page holds nothing but labels and links"
    OUTSIDE = "outside the main text of the page"


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that was left out, and why."""

    line: str
    why: Why
