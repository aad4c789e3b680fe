"""Joining a Ray cluster, or starting one that lasts as long as the load.

A cluster of our own listens on the loopback address alone, asks for a token, and tells nobody of itself. Ray
reads what says so from the environment when it is imported, so that it is imported here, not above.
"""

import logging
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from kb.errors import SetupError
from loaders.shards.outputs import Outputs
from loaders.shards.work import Edition

if TYPE_CHECKING:
    from loaders.shards.cluster import Cluster

_STORE: Final = 64 * 2**20
"""Bytes of shards that Ray's store holds for each processor of this machine."""

_STARTING: Final = "180"
"""Seconds; Ray's own 30 are too few for a machine that has much to do beside."""


@contextmanager
def joined(address: str | None, processors: int, edition: Edition, outputs: Outputs) -> Generator["Cluster"]:
    """The cluster at this address, else one of so many processors on this machine, until the context ends.

    Raises:
        SetupError: when Ray is not installed, or the cluster cannot be reached or started.
    """
    _set_environment(alone=address is None)
    try:
        import ray  # noqa: PLC0415
    except ImportError as error:
        raise SetupError(
            "--ray needs Ray, which is an extra: `pip install '.[ray]'` in the folder of this project."
        ) from error
    from loaders.shards.cluster import Cluster  # noqa: PLC0415

    quiet = partial(ray.init, log_to_driver=False, logging_level=logging.ERROR)
    try:
        if address is None:
            store = _STORE * (processors + 1)
            quiet("local", num_cpus=processors, object_store_memory=store, include_dashboard=False)
        else:
            quiet(address)
    except Exception as error:  # Ray raises many kinds, and the bare one too
        what = "could not be started" if address is None else f"at {address} cannot be reached"
        why = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise SetupError(f"The Ray cluster {what}: {why}") from error
    try:
        yield Cluster(max(int(ray.cluster_resources().get("CPU", 1)), 1), edition, outputs)
    finally:
        ray.shutdown()


def _set_environment(*, alone: bool) -> None:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_DEDUP_LOGS"] = "1"
    os.environ["RAY_DEDUP_LOGS_SKIP_REGEX"] = "."  # it tells of dead workers on stdout, where our lines are
    if alone:
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # on no system: it binds to 127.0.0.1 then
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        os.environ.setdefault("RAY_raylet_start_wait_time_s", _STARTING)
