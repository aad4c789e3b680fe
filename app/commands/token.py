"""Commands about tokens: create, list, revoke."""

from typing import Annotated

import typer

from app.console import say
from app.output import Format, print_rows
from app.tokens import PER_MINUTE, Scope, TokenFile
from kb.settings import Settings


def about() -> None:
    """Tokens let programs and people in that reach `kb serve` from elsewhere."""


def create(
    name: Annotated[str, typer.Argument(help="Whom or what the token is for.")],
    scope: Annotated[
        list[Scope] | None, typer.Option("--scope", "-s", help="What it allows; may be given more than once.")
    ] = None,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests in a minute at most.")] = PER_MINUTE,
) -> None:
    """Make a token and print it, this once; read unless --scope says otherwise."""
    secret = _file().create(name, scope or [Scope.READ], per_minute)
    print(secret)
    say("It is shown this once. Send it as `Authorization: Bearer …`.")


def list_tokens(form: Annotated[Format, typer.Option("--format")] = Format.TABLE) -> None:
    """List the tokens, without their secrets."""
    rows = [
        {"name": token.name, "scopes": ", ".join(token.scopes), "per minute": token.per_minute}
        for token in _file().all()
    ]
    print_rows(rows, form, ("name", "scopes", "per minute"))


def revoke(name: Annotated[str, typer.Argument(help="The token's name.")]) -> None:
    """Take a token away; a running server notices at once."""
    _file().revoke(name)
    say(f"The token '{name}' is revoked.")


def _file() -> TokenFile:
    return TokenFile(Settings.read().tokens_file)
