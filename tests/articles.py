"""Short articles that each have some facts in them, for tests that load many."""

import json
from pathlib import Path


def write(folder: Path, count: int) -> None:
    """So many files, each about a company of its own."""
    folder.mkdir()
    names = ("Almeria", "Borneo", "Cassini", "Dorado", "Elbrus")
    for number in range(count):
        name = f"{names[number % 5]} Labs {number}"
        (folder / f"{number:03d}.txt").write_text(
            f"{name} raises money\n\nMarch {number % 28 + 1}, 2025\n\n"
            f"{name}, a start-up based in France, raised ${number + 1} million. The round values the company "
            f"at ${number + 10} million. Ada Berg, the CEO of {name}, founded the company in 2019. "
            f"Nvidia invested in {name}. {name} competes with OpenAI.\n",
            encoding="utf-8",
        )


def write_seeds(folder: Path) -> None:
    """A folder of seeds with a registry of three entries."""
    registry = folder / "registry"
    registry.mkdir(parents=True)
    records = [{"id": f"company/{name.lower()}", "name": name} for name in ("Nvidia", "OpenAI")]
    text = "".join(json.dumps(record) + "\n" for record in records)
    (registry / "companies.jsonl").write_text(text, encoding="utf-8")
    country = {"id": "country/fr", "name": "France", "demonyms": ["French"]}
    (registry / "countries.jsonl").write_text(json.dumps(country) + "\n", encoding="utf-8")
