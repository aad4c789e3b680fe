"""`python -m schema` prints the schema in GraphQL's own language, as `schema/schema.graphql` holds it."""

import sys

from schema import build_schema

sys.stdout.write(build_schema().as_str())
