"""What a text goes on to call a firm, a person, a thing after the full name."""


def mentions(read, text: str, name: str) -> int:
    return next((len(e.mentions) for e in read(text).entities if e.ref.name == name), 0)


def test_a_firm_goes_on_under_the_first_words_of_its_name(read) -> None:
    text = "The Paris-based start-up Quillon Labs raised $5 million. Quillon has 20 employees."
    assert mentions(read, text, "Quillon Labs") == 2


def test_letters_in_brackets_are_the_name_from_then_on(told) -> None:
    text = "The start-up Zephyr Compute Works (ZCW) is based in Paris. ZCW raised $5 million."
    assert "Zephyr Compute Works FUNDING_RAISED 5000000" in told(text)


def test_a_surname_before_another_capital_is_another_name(read) -> None:
    text = "Ada Moreau founded Contoso. Among the investors were Moreau Holdings and Fabrikam."
    assert mentions(read, text, "Ada Moreau") == 1
