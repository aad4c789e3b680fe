"""Reading by many machines: documents in shards, each read by one task of a Ray cluster, and kept.

`manifest.py` says what the shards are, `work.py` what a task does, `outputs.py` how its output is kept,
`cluster.py` who does it, and `joining.py` where. One program alone lists the sources and writes to the graph.
"""
