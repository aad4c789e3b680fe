"""Which endpoints can be used, and that what is secret in a wrong setting is not told."""

from typing import Any

import pytest

from kb.errors import SetupError, UsageError
from kb.settings import Settings
from loaders.llm.endpoint import Endpoint, endpoint
from loaders.llm.transport import open_client

USABLE = {"llm_url": "http://127.0.0.1:1/v1", "llm_model": "wren-1"}


def made(**changed: Any) -> Endpoint:
    return endpoint(Settings(**(USABLE | changed)))


@pytest.mark.parametrize(
    "url",
    [
        "https://host/v1",
        "https://host/v1/",
        "https://host/v1/chat/completions",
        "https://host/v1/chat/completions/",
    ],
)
def test_the_url_may_end_before_or_behind_the_path_of_completions(url: str):
    assert made(llm_url=url).url == "https://host/v1/chat/completions"


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://host/v1", "file:///etc/passwd", "host/v1", "//host/v1", "http://", "", "http://[::1/v1"),
        *("http://user:hidden@host/v1", "http://hidden@host/v1", "http://host/v1?key=hidden"),
        *("http://host/v1#hidden", "http://host:99999/v1", "http://host:0/v1", "http://ho st/v1"),
        *(" http://host/v1", "http://host/v1\n", "http://host/\x1b[31m"),
    ],
)
def test_an_address_that_is_none_or_holds_a_secret_is_refused_without_being_told(url: str):
    with pytest.raises(UsageError, match="KB_LLM_URL") as raised:
        made(llm_url=url)
    assert "hidden" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("key", ["hidden key", "hidden\nkey", "hidden\r\nX-Header: 1", "hiddén", "hidden\0"])
def test_a_key_that_no_header_can_hold_is_refused_without_being_told(key: str):
    with pytest.raises(UsageError, match="KB_LLM_KEY") as raised:
        made(llm_key=key)
    assert "hidd" not in str(raised.value)


@pytest.mark.parametrize("missing", ["llm_url", "llm_model"])
def test_what_is_missing_is_named(missing: str):
    with pytest.raises(UsageError, match=f"KB_{missing.upper()} is not set"):
        made(**{missing: None})


@pytest.mark.parametrize("model", [" wren", "wren\n1", "wren\x1b[31m"])
def test_a_model_s_name_is_one_line(model: str):
    with pytest.raises(UsageError, match="KB_LLM_MODEL"):
        made(llm_model=model)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ALL_PROXY", "socks9://127.0.0.1:1"), ("HTTP_PROXY", "gopher://x"), ("SSL_CERT_FILE", "/nowhere")],
)
def test_a_machine_whose_proxy_or_certificates_cannot_be_used_is_told_which_settings_to_see(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
):
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv(variable, value)
    with pytest.raises(SetupError, match=variable):
        open_client(made())


def test_the_key_is_in_no_repr():
    assert "hidden" not in repr(made(llm_key="hidden"))
