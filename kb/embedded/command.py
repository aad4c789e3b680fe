"""The command line of the server's JVM."""

from collections.abc import Iterable
from pathlib import Path

MAIN_CLASS = "org.neo4j.server.CommunityEntryPoint"
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")

# One compiler tier and the serial collector halve the start on few cores; a server of its own machine
# (KB_NEO4J_URI) is not started by this command.
SMALL = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
# A server whose heap ran out may answer wrongly or never: it ends, and the supervisor starts it again.
EXIT = "-XX:+ExitOnOutOfMemoryError"
# log4j would register its own shutdown hook during the shutdown, and fail there
SYSTEM = ("-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true", "-Dfile.encoding=UTF-8")


def jvm_command(java: Path, jars: Iterable[Path], home: Path, extra: Iterable[str] = ()) -> list[str]:
    """The command that runs Neo4j on the configuration in `home`; `extra` are JVM flags."""
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
    class_path = ":".join(str(jar) for jar in jars)
    server = [MAIN_CLASS, f"--home-dir={home}", f"--config-dir={home / 'conf'}", "--console-mode"]
    return [str(java), *SMALL, EXIT, *extra, *opened, *SYSTEM, "-cp", class_path, *server]
