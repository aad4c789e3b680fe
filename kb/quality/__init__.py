"""The quality of a graph as `kb check` reports it: what is wrong, what there is, and what changed.

`findings` holds what was found, `census` what was counted, `report` both together and as a file that later
reports are compared with (`changes`), and `limits` what a person demands of a graph in a TOML file.
The graph is asked in `kb.graph.checks` and `kb.graph.census`.
"""
