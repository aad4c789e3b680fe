"""The playground as a browser shows it: the page runs offline, and text from the graph stays text.

Attacks: a script in a title or a sentence is never run (row 15); nothing is loaded from elsewhere (row 19).
"""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, Request, sync_playwright

from kb.embedded import Address
from kb.graph.connection import open_driver
from kb.graph.reader import AsyncReader
from kb.graph.writer import Writer
from kb.registry import Registry
from schema import Context, build_schema
from schema.examples import examples
from tests import doors, facts
from tests.app.serving import access, served
from tests.schema import world

NAMES = ("chromium", "chromium-browser", "google-chrome")
SCRIPT = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
ANSWER = "(document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue() ?? '')"
EDITOR = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
ADD_SCRIPTS = """() => {
  const fills = [one => one.src = 'https://evil.example/x.js', one => one.text = "document.title='run'"];
  for (const fill of fills) {
    const script = document.createElement('script');
    fill(script);
    document.head.append(script);
  }
}"""
WRITE_A_TOKEN = """() => document.querySelectorAll('.graphiql-editor-tool .CodeMirror').forEach(editor => {
  if (editor.offsetParent) editor.CodeMirror.setValue('{"authorization": "Bearer a-secret"}');
})"""
WORDS_OF_EVIL = """{
  figures(subject: {name: {eq: "Evil"}}) { nodes { evidence { text sentence document { title publisher } } } }
}"""


def on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def chromium() -> str:
    """The path of a Chromium, installed where that is allowed; without one the tests are skipped."""
    if on_path() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], check=False, capture_output=True)
    found = on_path()
    if found is None:
        pytest.skip(f"none of {', '.join(NAMES)} is on PATH, and apt-get could not install one")
    return found


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Browser]:  # its loop must end before this one's begins
    path = chromium()
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            pytest.skip(f"{path} does not start: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(
    neo4j: Address, seed_registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server over the small world, known entities and a document that attacks who looks at it."""
    told = f"Evil is worth $1 billion {SCRIPT}."
    hostile = facts.document(told, "evil.txt", title=SCRIPT, publisher=SCRIPT)
    fact = facts.valuation(hostile, f"worth $1 billion {SCRIPT}", 1e9, "Evil")
    with open_driver(neo4j) as driver:
        driver.execute_query(doors.WIPE, database_=neo4j.database)
        writer = Writer(driver, neo4j.database, Registry({}, {}))
        for document, extraction in [*world.documents(), (hostile, facts.extraction(hostile, fact))]:
            writer.write(document, extraction, "tests")
        Writer(driver, neo4j.database, seed_registry).write_registry()
    asyncio.run(plan_examples(neo4j))
    with served(neo4j, access(tmp_path_factory.mktemp("tokens"))) as port:
        yield f"http://127.0.0.1:{port}/graphql"


async def plan_examples(neo4j: Address) -> None:
    """Ask each example once, with time for a busy machine's database to plan it."""
    reader = AsyncReader(neo4j, timeout=120)
    for example in examples():
        await build_schema().execute(example.query, context_value=Context(reader))
    await reader.close()


class Playground:
    """The open page, with all that it asked for and complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        page.on("request", self._note)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)
        page.wait_for_selector(".graphiql-execute-button")

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def write(self, query: str) -> None:
        self.page.evaluate(f"query => {EDITOR}.setValue(query)", query)

    def run(self) -> dict[str, Any]:
        """Press the button, and give the answer as the page shows it."""
        self.page.wait_for_timeout(500)  # as a person: the editor reads the operation's name a moment later
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.click(".graphiql-execute-button")
        for _ in range(1000):  # a function to wait for would be evaluated, which the page's policy forbids
            shown = self.page.evaluate(ANSWER)
            if '"data"' in shown or '"errors"' in shown:
                return json.loads(shown)
            self.page.wait_for_timeout(30)
        raise AssertionError("no answer is shown")


@pytest.fixture
def playground(browser: Browser, address: str) -> Iterator[Playground]:
    context = browser.new_context()
    yield Playground(context.new_page(), address)
    context.close()


def test_each_example_is_a_tab_that_runs_and_shows_its_answer(playground: Playground):
    tabs = playground.page.locator(".graphiql-tab-button")
    assert tabs.count() == len(examples())
    for place in range(tabs.count()):
        tabs.nth(place).click()
        answer = playground.run()
        assert "errors" not in answer
        assert answer["data"]
    assert playground.complaints == []


def test_the_docs_explorer_describes_the_schema(playground: Playground):
    playground.page.click("[aria-label='Show Documentation Explorer']")
    explorer = playground.page.locator(".graphiql-doc-explorer")
    explorer.get_by_text("Query", exact=True).first.click()
    explorer.get_by_text("licenceThresholds").first.wait_for()
    assert "Every fact of every answer comes with its evidence." in explorer.inner_text()


def test_the_history_lists_what_was_asked(playground: Playground):
    playground.write("query Remembered { __typename }")
    playground.run()
    playground.page.click("[aria-label='Show History']")
    playground.page.locator(".graphiql-history").get_by_text("Remembered").wait_for()


def test_a_mistake_is_marked_where_it_stands(playground: Playground):
    playground.write("{ entitie { id } }")
    playground.page.locator(".CodeMirror-lint-mark-error").first.wait_for()


def test_no_request_leaves_the_host_and_no_script_comes_from_elsewhere(playground: Playground, address: str):
    playground.run()
    playground.page.click("[aria-label='Show Documentation Explorer']")
    host = urlsplit(address).netloc
    asked = [urlsplit(request.url) for request in playground.requests]
    assert {url.path for url in asked} >= {"/graphql", "/graphql/examples", "/static/graphiql/graphiql.js"}
    assert {url.netloc for url in asked if url.scheme not in ("data", "blob")} == {host}
    loaded = playground.page.eval_on_selector_all(
        "script[src], link[href]", "all => all.map(one => one.src || one.href)"
    )
    assert {urlsplit(one).netloc for one in loaded if not one.startswith("data:")} == {host}
    assert playground.complaints == []


def test_the_policy_stops_scripts_of_another_host_and_scripts_within_the_page(playground: Playground):
    playground.page.evaluate(ADD_SCRIPTS)
    playground.page.wait_for_timeout(300)
    assert playground.page.title() != "run"
    assert sum("Content Security Policy" in complaint for complaint in playground.complaints) == 2


def test_a_token_travels_in_its_header_and_is_no_part_of_an_address(playground: Playground):
    playground.write("{ __typename }")
    playground.page.get_by_role("button", name="Headers").click()
    playground.page.evaluate(WRITE_A_TOKEN)
    with playground.page.expect_request(lambda request: request.method == "POST") as waiting:
        playground.page.click(".graphiql-execute-button")
    assert waiting.value.all_headers()["authorization"] == "Bearer a-secret"
    assert not any("a-secret" in request.url for request in playground.requests)
    assert "a-secret" not in playground.page.url


def test_a_script_that_is_stored_in_a_document_is_shown_as_text_and_never_run(playground: Playground):
    playground.write(WORDS_OF_EVIL)
    answer = playground.run()
    (found,) = answer["data"]["figures"]["nodes"][0]["evidence"]
    assert found["document"] == {"title": SCRIPT, "publisher": SCRIPT}
    assert SCRIPT in found["sentence"]
    assert "<script>" in playground.page.locator(".result-window").inner_text()
    assert playground.page.locator(".result-window img, .result-window script").count() == 0
    assert playground.page.title() != "run"
