"""The README's table of configuration says what the settings read."""

import ast
import re
from pathlib import Path

from django.conf import settings

ROW = re.compile(r"^\| `([A-Z0-9_]+)` \| (.+?) \| .+ \|$", re.MULTILINE)


def what_settings_read() -> dict[str, ast.expr | None]:
    """Return the default of every variable read from the environment, by name, in order."""
    source = (settings.BASE_DIR / "red_genero" / "settings.py").read_text(encoding="utf-8")
    found: dict[str, ast.expr | None] = {}
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: node.lineno):
        name = call.args[0] if call.args else None
        if (
            isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "env"
            and isinstance(name, ast.Constant)
        ):
            defaults = [each.value for each in call.keywords if each.arg == "default"]
            found[str(name.value)] = defaults[0] if defaults else None
    return found


def as_written(default: ast.expr) -> str | None:
    """Return a literal default as the README writes it; None when it has to be told in words."""
    try:
        value = ast.literal_eval(default)
    except ValueError:
        return None
    if value in ("", []):
        return "–"
    return f"`{int(value)}`" if isinstance(value, bool) else f"`{value}`"


def table() -> dict[str, str]:
    """Return the defaults of the README's table, by variable."""
    return dict(ROW.findall(Path(settings.BASE_DIR, "README.md").read_text(encoding="utf-8")))


def test_the_table_lists_every_variable_and_no_other() -> None:
    assert sorted(table()) == sorted(what_settings_read())


def test_the_table_tells_the_defaults() -> None:
    told = table()
    literal = {
        name: as_written(default)
        for name, default in what_settings_read().items()
        if default is not None and as_written(default) is not None
    }
    assert {name: told[name] for name in literal} == literal
