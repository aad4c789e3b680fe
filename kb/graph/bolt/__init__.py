"""Reading over Bolt with little work: one message out, one look at each message that comes back.

The official driver spends two to four times the CPU of one's own server on a short query: a transaction's
state, a record's class, a timer for each read of its socket. Here is what reading needs and no more:
auto-commit queries in read access mode over plain Bolt 5, without routing and without encryption. Whatever
else there is goes through the official driver, which lends its encoding of values and its errors.
"""

from kb.graph.bolt.pool import BoltPool

__all__ = ["BoltPool"]
