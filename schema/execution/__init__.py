"""Answers queries without walking the schema for each value.

`prepared` keeps what is known of a query's text: its document, its measure, whether it is valid. `plans`
keeps the plans of its root fields for a form of its variables. `shaper` compiles what is selected to
functions that write the answer straight from the record of each root field. `executor` puts them together,
and tells apart what it does from what is left to Strawberry.
"""
