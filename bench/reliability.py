"""How far confidence can be trusted: `python bench/reliability.py [--write] [CORPUS…]`.

Each text is left out once: the calibration is fitted on the others and tried on it. `--write` fits on all
texts and writes `loaders/extraction/calibration.toml`.
"""

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench.outcomes import Outcome, outcomes
from bench.score import ROOT, corpus_folder
from loaders.extraction.calibration import EDGES, Calibration

_BINS: Final = (0.0, 0.6, 0.7, 0.8, 0.9, 1.01)
_SURE: Final = 0.9
_FILE: Final = ROOT / "loaders" / "extraction" / "calibration.toml"
_HEAD: Final = """\
# Of the findings on the annotated texts, how many were right, by bands of the rules' own confidence.
# Written by `make calibrate`; read by `calibration.py`.
"""


def left_out(found: Sequence[Outcome]) -> list[tuple[float, bool]]:
    """Each finding's confidence by a calibration that has not seen its text, and whether it is right."""
    judged: list[tuple[float, bool]] = []
    for text in sorted({one.text for one in found}):
        fitted = Calibration.fitted((o.confidence, o.right) for o in found if o.text != text)
        judged += [(fitted(o.confidence), o.right) for o in found if o.text == text]
    return judged


def table(judged: Sequence[tuple[float, bool]]) -> str:
    """The reliability of confidence in bins, and of what is told as nearly sure."""
    lines = ["== confidence, each text left out once", "  confidence      facts   mean  right"]
    for low, high in pairwise(_BINS):
        inside = [(c, ok) for c, ok in judged if low <= c < high]
        if inside:
            mean, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            lines.append(f"  {low:.1f} to {min(high, 1):.1f}  {len(inside):7}  {mean:.3f}  {right:.3f}")
    sure = [ok for c, ok in judged if c >= _SURE]
    share = len(sure) / len(judged)
    lines.append(f"  at {_SURE} or more: {share:.0%} of the facts, right {sum(sure) / max(len(sure), 1):.3f}")
    return "\n".join(lines)


def written(calibration: Calibration) -> str:
    """The calibration as the text of its file."""
    bands = [
        f"\n[[band]]\nmean = {band.mean}\nfacts = {band.facts}\nright = {band.right}\n"
        for band in calibration.bands
    ]
    return f"{_HEAD}# The bands begin at {', '.join(str(e) for e in EDGES[:-1])}.\n{''.join(bands)}"


def main(arguments: list[str]) -> int:
    """Print the table; with `--write`, write the calibration."""
    folders = [Path(a) for a in arguments if not a.startswith("-")]
    if not folders:
        folder = corpus_folder([])
        folders = [] if folder is None else [folder]
    found = [one for folder in folders for one in outcomes(folder)]
    if not found:
        print("No corpus: name its folder as the argument or in KB_CORPUS.", file=sys.stderr)
        return 2
    print(table(left_out(found)))
    if "--write" in arguments:
        _FILE.write_text(
            written(Calibration.fitted((o.confidence, o.right) for o in found)), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
