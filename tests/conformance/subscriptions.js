// Drives the subscriptions with the clients of npm: prints one JSON line for each event.
// node subscriptions.js ws|sse URL TOKEN
import { createClient as createSse } from "graphql-sse";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";

const [transport, url, token] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const client =
  transport === "ws"
    ? createWs({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, connectionParams: { authorization }, retryAttempts: 0 })
    : createSse({ url, headers: { authorization }, retryAttempts: 0 });

const print = (kind, value) => console.log(JSON.stringify({ kind, value }));

async function ingest() {
  const document = { idempotencyKey: "conformance", text: "Acme is valued at $5 billion." };
  const query = `mutation ($documents: [IngestInput!]!) {
    ingest(documents: $documents) { ... on IngestJob { id } }
  }`;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: JSON.stringify({ query, variables: { documents: [document] } }),
  });
  return (await response.json()).data.ingest.id;
}

const facts = client.iterate({ query: "subscription { factsAdded { __typename evidence { text } } }" });
const first = facts.next();
// the subscription has to stand before there is news
await new Promise((resolve) => setTimeout(resolve, 2000));

const query = "subscription ($id: ID!) { ingestProgress(id: $id) { state done documents factsAdded } }";
for await (const event of client.iterate({ query, variables: { id: await ingest() } })) print("progress", event);
print("fact", (await first).value);
await facts.return();

for (const wrong of ["subscription { nope }", "subscription {"]) {
  try {
    for await (const event of client.iterate({ query: wrong })) print("wrong", event);
  } catch (error) {
    print("refused", Array.isArray(error) ? error.map((one) => one.message) : `${error.reason ?? error.message}`);
  }
}
await client.dispose();
