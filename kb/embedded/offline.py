"""Neo4j's offline import into an embedded server's home: a graph at once, where there is none."""

import os
import shutil
import subprocess
from pathlib import Path

from kb.embedded.backup import stopped
from kb.embedded.errors import StorageError
from kb.embedded.fetch import ensure_jars
from kb.embedded.home import DATABASE, GRAPH, Home, cache_folder
from kb.embedded.java import require_java
from kb.embedded.progress import Progress
from kb.embedded.state import free_port
from kb.errors import InputError, UsageError


def import_offline(home: Path, folder: Path, arguments: list[str], progress: Progress) -> None:
    """Import files into a home that has no graph; `arguments` name them, relative to `folder`.

    Raises:
        UsageError: when the home has a graph already.
        InputError: when the import refuses the files; nothing of it stays.
        SetupError: when Java or Neo4j's jars are lacking.
    """
    place = Home(home.expanduser().absolute())
    place.make()
    if (place.data / GRAPH[0]).exists():
        raise UsageError(f"{place.path} has a graph already: name an empty folder in KB_HOME.")
    java = require_java()
    jars = ensure_jars(cache_folder(), progress)
    place.write_login()
    with stopped(place):
        place.write_configuration(free_port(0))
        progress.step("Importing")
        done = subprocess.run(
            [
                *(str(java.program), "-Xmx2g", "-cp", ":".join(str(jar) for jar in jars)),
                *("org.neo4j.cli.AdminTool", "database", "import", "full", DATABASE),
                *("--overwrite-destination", *arguments),
            ],
            env=os.environ | {"NEO4J_HOME": str(place.path), "NEO4J_CONF": str(place.conf)},
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
        if done.returncode != 0:
            for part in GRAPH:
                shutil.rmtree(place.data / part, ignore_errors=True)
            raise _refused(done.stdout + done.stderr)


def _refused(told: str) -> Exception:
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    if any("No space left" in line for line in lines):
        return StorageError("The import found no more space on the disk: free some, and run it again.")
    why = next((line for line in lines if "error" in line.lower() or "exception" in line.lower()), "")
    return InputError(f"Neo4j's import refused the files: {why[:300] or 'it does not say why'}.")
