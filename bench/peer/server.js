// The peer: @neo4j/graphql behind Apollo Server. Prints its port on one line when it answers.

import { readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD } = process.env;
const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD));
const typeDefs = readFileSync(new URL("type-definitions.graphql", import.meta.url), "utf8");
const schema = await new Neo4jGraphQL({ typeDefs, driver, features: { filters: { String: { CASE_INSENSITIVE: true } } } }).getSchema();
const server = new ApolloServer({ schema });
const { url } = await startStandaloneServer(server, { listen: { host: "127.0.0.1", port: 0 } });
console.log(new URL(url).port);
