"""From how sure a rule is to how often such findings are right.

`calibration.toml` holds, for bands of the rules' own confidence, how many findings of the annotated texts
fell in each and how many of these were right; `make calibrate` writes it. The confidence that a fact carries
is the lower end of Wilson's 95 % interval of its band's share: few observations make little confidence.
"""

import math
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, Self

EDGES: Final = (0.0, 0.7, 0.8, 0.87, 1.0)
"""Where the bands of raw confidence begin and end."""

_Z: Final = 1.96


@dataclass(frozen=True, slots=True)
class Band:
    """Findings of like raw confidence: their mean, how many there were, how many were right."""

    mean: float
    facts: int
    right: int

    @property
    def bound(self) -> float:
        """The lower end of Wilson's 95 % interval of the share that is right."""
        share = self.right / self.facts
        spread = _Z**2 / self.facts
        centre = share + spread / 2
        width = _Z * math.sqrt(share * (1 - share) / self.facts + spread / (4 * self.facts))
        return (centre - width) / (1 + spread)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising line through the bands; without bands, the raw confidence itself."""

    bands: tuple[Band, ...] = ()

    @classmethod
    def fitted(cls, findings: Iterable[tuple[float, bool]]) -> Self:
        """The calibration of findings: each one's raw confidence, and whether it was right."""
        sorted_in: list[list[tuple[float, bool]]] = [[] for _ in EDGES[:-1]]
        for raw, right in findings:
            sorted_in[min(bisect_right(EDGES, raw) - 1, len(sorted_in) - 1)].append((raw, right))
        return cls(
            tuple(
                Band(round(sum(raw for raw, _ in band) / len(band), 4), len(band), sum(ok for _, ok in band))
                for band in sorted_in
                if band
            )
        )

    def __call__(self, raw: float) -> float:
        """The confidence of a finding, from 0 to 1, to three digits; it rises with the raw one."""
        points = self._points()
        if not points:
            return raw
        if raw <= points[0][0]:
            return round(points[0][1] * raw / points[0][0], 3)
        for (low, least), (high, most) in pairwise(points):
            if raw <= high:
                return round(least + (most - least) * (raw - low) / (high - low), 3)
        last, most = points[-1]
        return round(most + (1 - most) * (raw - last) / (1 - last), 3) if last < 1 else most

    def _points(self) -> Sequence[tuple[float, float]]:
        best = 0.0
        points: list[tuple[float, float]] = []
        for band in self.bands:
            best = max(best, band.bound)
            points.append((band.mean, best))
        return points


@cache
def load_calibration() -> Calibration:
    """The calibration that comes with the rules."""
    content = (files("loaders.extraction") / "calibration.toml").read_text(encoding="utf-8")
    return Calibration(tuple(Band(b["mean"], b["facts"], b["right"]) for b in tomllib.loads(content)["band"]))
