import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';

const graphiql = document.getElementById('graphiql');
const url = window.location.pathname;

async function examples() {
  const answer = await fetch(graphiql.dataset.examples, { headers: { accept: 'application/json' } });
  return answer.ok ? answer.json() : [];
}

async function start() {
  const tabs = (await examples()).map(example => ({ query: example.query }));
  createRoot(graphiql).render(
    <GraphiQL
      fetcher={createGraphiQLFetcher({ url })}
      defaultTabs={tabs.length > 0 ? tabs : undefined}
      defaultEditorToolsVisibility="variables"
    />,
  );
}

start();
