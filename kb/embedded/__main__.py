"""`python -m kb.embedded`: make a Java and the server's jars ready, as the set-up does; starts nothing."""

import sys

from kb.embedded.progress import Bar
from kb.embedded.server import prepare
from kb.errors import KbError


def main() -> int:
    """Prepare with a bar on stderr; the exit code."""
    try:
        with Bar() as bar:
            prepare(bar)
    except KbError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; the next run goes on where this one stopped.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
