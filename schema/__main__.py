"""The schema in GraphQL's own language.

`python -m schema` prints it, `--check FILE` fails where the file holds another one, `--write FILE` brings
the file up to date and refuses to when clients would lose something, unless `--breaking` is given too.
"""

import argparse
import sys
from pathlib import Path

from schema import build_schema
from schema.sdl import Drift, drift


def main(arguments: list[str]) -> int:
    """Run the command; gives its exit status."""
    parser = argparse.ArgumentParser(prog="python -m schema", description=__doc__)
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", type=Path, metavar="FILE", help="fail where FILE holds another schema")
    action.add_argument("--write", type=Path, metavar="FILE", help="write the schema to FILE")
    parser.add_argument("--breaking", action="store_true", help="write even what breaks clients")
    given = parser.parse_args(arguments)
    schema = build_schema()
    path: Path | None = given.check or given.write
    if path is None:
        sys.stdout.write(schema.as_str())
        return 0
    found = drift(path.read_text("utf-8") if path.exists() else "", schema)
    if given.check is not None:
        return _told(path, found, "write it again with `make docs`.") if found.differs else 0
    if found.breaking and not given.breaking:
        return _told(path, found, "nothing was written: give --breaking to write it nevertheless.")
    path.write_text(schema.as_str(), "utf-8")
    return 0


def _told(path: Path, found: Drift, advice: str) -> int:
    lines = [f"{path} is not the schema of the code: {advice}"]
    if found.breaking:
        lines += ["Clients of the file's schema would break:", *(f"  {change}" for change in found.breaking)]
    sys.stderr.write("\n".join(lines) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
