"""What speaks for or against a relation between two candidates of a sentence, as strings."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from loaders.extraction.pairs.candidates import Candidate
from loaders.extraction.pairs.routes import route
from loaders.extraction.pairs.triggers import trigger
from loaders.extraction.pairs.words import Words

_STEM: Final = 5
_WINDOW: Final = 4
_NEAR_WORDS: Final = 12
_FAR: Final = "far"


class Sentence:
    """The candidates of one sentence with what is the same for each pair that one of them is in."""

    def __init__(self, words: Words, first: int, last: int, found: Sequence[Candidate]) -> None:
        """Hold the tokens from `first` up to `last` and the candidates among them."""
        self._words: Final = words
        self._first: Final = first
        self._last: Final = last
        self._found: Final = found
        self._own: Final[dict[Candidate, list[str]]] = {}
        self._ties: Final[dict[tuple[int, int], str]] = {}
        self._anchors: Final = [
            (index, name) for index in range(first, last) for name in trigger(words.lower[index])
        ]
        self._said: Final = sorted({name for _, name in self._anchors})

    def features(self, one: Candidate, other: Candidate) -> list[str]:
        """The features of the ordered pair; some may come more than once."""
        return [
            "bias",
            *("s" + feature for feature in self._features(one)),
            *("o" + feature for feature in self._features(other)),
            *self._between(one, other),
            *self._path(one, other),
            *self._anchored(one, other),
        ]

    def _features(self, end: Candidate) -> list[str]:
        known = self._own.get(end)
        if known is None:
            known = [*self._form(end), *self._neighbours(end), *self._governors(end)]
            self._own[end] = known
        return known

    def _form(self, end: Candidate) -> Iterator[str]:
        words, low = self._words, self._words.lower
        relation = words.dep[end.root]
        yield f".l={end.label}"
        yield f".d={relation}"
        yield f".ld={end.label}|{relation}"
        yield f".start={end.first == self._first}"
        tokens = low[end.first : end.last]
        if end.label == "PRONOUN":
            yield f".w={tokens[0]}"
        elif end.label == "DATE":
            yield f".shape={_shape(' '.join(tokens))}"
            yield f".has4={any(len(token) == 4 and token.isdigit() for token in tokens)}"
        else:
            yield f".last={tokens[-1]}"
            yield f".first={tokens[0]}"
            yield from (f".in={token}" for token in tokens)
            yield f".n={_bucket(len(tokens))}"
            form = words.text[words.start[end.last - 1] : words.end[end.last - 1]]
            yield f".up={form.isupper()}{form[:1].isupper()}"

    def _neighbours(self, end: Candidate) -> Iterator[str]:
        low = self._words.lower
        for step in (1, 2):
            before, after = end.first - step, end.last - 1 + step
            yield f".p{step}={low[before] if before >= self._first else '^'}"
            yield f".n{step}={low[after] if after < self._last else '$'}"
        if end.first - 2 >= self._first:
            yield f".p12={low[end.first - 2]}_{low[end.first - 1]}"
        if end.last + 1 < self._last:
            yield f".n12={low[end.last]}_{low[end.last + 1]}"
        for word in low[max(self._first, end.first - _WINDOW) : end.first]:
            yield from (f".pt={name}" for name in trigger(word))
        for word in low[end.last : min(self._last, end.last + _WINDOW)]:
            yield from (f".nt={name}" for name in trigger(word))

    def _governors(self, end: Candidate) -> Iterator[str]:
        words, low = self._words, self._words.lower
        relation, head = words.dep[end.root], words.head[end.root]
        yield f".g={low[head]}"
        yield f".gs={relation}_{_stem(low[head])}"
        yield from (f".gt={relation}_{name}" for name in trigger(low[head]))
        yield f".gg={relation}_{words.dep[head]}_{_stem(low[words.head[head]])}"

    def _between(self, one: Candidate, other: Candidate) -> Iterator[str]:
        ahead = one.first <= other.first
        low, high = (one.last, other.first) if ahead else (other.last, one.first)
        order, labels = (">" if ahead else "<"), f"{one.label}|{other.label}"
        yield f"o={order}"
        yield f"l={labels}"
        yield f"lo={labels}|{order}"
        if low > high:
            yield "overlap"
            return
        yield f"dist={order}{_bucket(high - low)}"
        inside = [end for end in self._found if end.first >= low and end.last <= high]
        yield f"mid={order}{min(len(inside), 4)}"
        yield from (f"ml={label}" for label in {end.label for end in inside} - {"PRONOUN"})
        yield f"ro={min(sum(end.label == one.label for end in inside), 2)}"
        yield f"rr={min(sum(end.label == other.label for end in inside), 2)}"
        yield from self._words_between(low, high, order, inside)
        yield from self._classes_between(low, high, order, labels)

    def _words_between(self, low: int, high: int, order: str, inside: Sequence[Candidate]) -> Iterator[str]:
        masked = self._masked(low, high, inside)
        if high - low <= _NEAR_WORDS:
            yield from (f"b={order}{word}" for word in masked)
            yield from (f"bs={order}{_stem(word)}" for word in masked)
        yield from (f"bb={order}{x}_{y}" for x, y in pairwise(["^", *masked, "$"]))
        if len(masked) <= 5:
            yield f"bw={order}{' '.join(masked)}"
        if high - low <= 6:
            yield f"bp={order}{' '.join(self._words.pos[low:high])}"

    def _masked(self, low: int, high: int, inside: Sequence[Candidate]) -> list[str]:
        """The words, with each name's label in its place."""
        starts = {end.first: end for end in inside if end.label != "PRONOUN"}
        masked: list[str] = []
        while low < high:
            end = starts.get(low)
            masked.append(f"<{end.label}>" if end else self._words.lower[low])
            low = max(end.last, low + 1) if end else low + 1
        return masked

    def _classes_between(self, low: int, high: int, order: str, labels: str) -> Iterator[str]:
        words = self._words
        classes = {name for word in words.lower[low:high] for name in trigger(word)}
        for name in sorted(classes):
            yield f"bt={order}{name}"
            yield f"btl={order}{name}|{labels}"
        if not classes:
            yield f"bt={order}none|{_bucket(high - low)}"
        yield from (f"st={name}" for name in self._said)
        yield f"verbs={order}{min(words.pos[low:high].count('VERB'), 3)}"

    def _path(self, one: Candidate, other: Candidate) -> Iterator[str]:
        words, low = self._words, self._words.lower
        way = route(words, one.root, other.root)
        if way is None:
            yield "nopath"
            return
        labels, nodes = way.labels(words), way.nodes(one.root, other.root)
        if len(labels) <= 6:
            yield from self._whole_path(" ".join(labels), nodes, f"{one.label}|{other.label}")
        yield f"pl={len(labels)}"
        for node in nodes:
            yield f"pi={low[node]}"
            yield f"pis={_stem(low[node])}"
            yield from (f"pt={name}" for name in trigger(low[node]))
        yield f"top={low[way.top]}"
        first = words.dep[way.up[-1]] if way.up else "-"
        yield f"tops={first}|{_stem(low[way.top])}|{words.dep[way.down[-1]] if way.down else '-'}"
        on = {*nodes, one.root, other.root}
        for child in (child for node in nodes for child in words.children.get(node, ()) if child not in on):
            yield f"pk={words.dep[child]}_{_stem(low[child])}"
        yield from (f"pb={x} {y}" for x, y in pairwise(labels))

    def _whole_path(self, path: str, nodes: Sequence[int], labels: str) -> Iterator[str]:
        forms = [self._words.lower[node] for node in nodes]
        classes = [
            "/".join(trigger(form)) or self._words.pos[node] for form, node in zip(forms, nodes, strict=True)
        ]
        yield f"p={path}"
        yield f"pl={path}|{labels}"
        yield f"pw={path}|{' '.join(forms)}"
        yield f"ps={path}|{' '.join(map(_stem, forms))}"
        yield f"pc={path}|{' '.join(classes)}"
        yield f"pn={' '.join(forms)}"

    def _anchored(self, one: Candidate, other: Candidate) -> Iterator[str]:
        """How each word of a class is tied to the two ends."""
        ahead = one.first <= other.first
        left, right = (one, other) if ahead else (other, one)
        labels = f"{one.label}|{other.label}"
        for at, name in self._anchors:
            tie, tie_other = self._tie(at, one), self._tie(at, other)
            if tie != _FAR or tie_other != _FAR:
                tied = f"{tie != _FAR}|{tie_other != _FAR}"
                yield f"tr={name}|{tie}|{tie_other}"
                yield f"tl={name}|{tied}|{labels}"
                yield f"t1={name}|{tie}"
                yield f"t2={name}|{tie_other}"
                yield f"tw={self._words.lower[at]}|{tied}"
            place = _place(at, left, right)
            names = f"{self._names_to(at, one)}|{self._names_to(at, other)}"
            yield f"ts={name}|{'>' if ahead else '<'}{place}|{names}"

    def _tie(self, at: int, end: Candidate) -> str:
        """The way through the tree from a word to an end; `far` for a long one."""
        if end.first <= at < end.last:
            return "in"
        key = (at, end.root)
        known = self._ties.get(key)
        if known is None:
            way = route(self._words, at, end.root)
            labels = way.labels(self._words) if way else []
            known = " ".join(labels) if way and len(labels) <= 4 else _FAR
            self._ties[key] = known
        return known

    def _names_to(self, at: int, end: Candidate) -> int:
        """How many names stand between a word and an end, two for more."""
        low, high = (at + 1, end.first) if at < end.first else (end.last, at)
        return min(sum(low <= c.first and c.last <= high and c.label != "PRONOUN" for c in self._found), 2)


@cache
def _bucket(count: int) -> str:
    if count < 4:
        return str(count)
    return next((name for bound, name in ((7, "4-6"), (12, "7-11"), (20, "12-19")) if count < bound), "20+")


def _stem(word: str) -> str:
    return word[:_STEM]


def _shape(text: str) -> str:
    return "".join("d" if c.isdigit() else "a" if c.isalpha() else c for c in text)[:12]


def _place(at: int, left: Candidate, right: Candidate) -> str:
    if at < left.first:
        return "<"
    if left.last <= at < right.first:
        return "-"
    return ">" if at >= right.last else "in"
