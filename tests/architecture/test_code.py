"""What the house says about modules. (The import contracts themselves are import-linter's, in pyproject.toml.)"""

import ast
import io
import tokenize

from tests.architecture.sources import ROOT, name, python_files, tree

LONGEST_MODULE = 400
# Modules that may turn text into trusted HTML, each with what makes the text safe.
MAY_MARK_SAFE = {
    "rus_platform/kit/html.py": "escapes or sanitises everything itself",
    "rus_platform/templatetags/ui.py": "hands on what a template has rendered, and so escaped, already",
    "strategies/publishing/diff_html.py": "escapes every word of both texts and makes its tags itself",
    "strategies/publishing/html.py": "writes HTML from the document tree and escapes every text",
}


def test_no_module_is_longer_than_the_house_allows():
    scripts = sorted((ROOT / "static" / "js").rglob("*.js"))
    lengths = {name(file): len(file.read_text().splitlines()) for file in [*python_files(), *scripts]}
    assert {file: length for file, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_nothing_imports_the_tests():
    guilty = [
        name(file)
        for file in python_files()
        for node in ast.walk(tree(file))
        for module in imported(node)
        if module.split(".")[0] == "tests" and name(file) != "rus_platform/local/bench.py"
    ]
    assert guilty == []


def test_an_inline_import_has_its_reason_beside_it():
    assert [place for file in python_files() for place in unexplained_imports(file)] == []


def test_trusted_html_is_made_in_few_places():
    guilty = {
        name(file)
        for file in python_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in {"mark_safe", "SafeString"}
    }
    assert guilty - set(MAY_MARK_SAFE) == set()


def test_no_signal_receivers_and_no_work_in_save():
    """No hidden work. (Django's and Celery's own start-up signals are not used either.)"""
    guilty = [
        f"{name(file)}:{node.lineno} {node.name}"
        for file in python_files("actors", "strategies", "consultations")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef)
        and (
            any("receiver" in ast.unparse(decorator) for decorator in node.decorator_list)
            or (node.name == "save" and "models" in file.parts)
        )
    ]
    assert guilty == []


def imported(node: ast.AST) -> list[str]:
    """Modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def unexplained_imports(file) -> list[str]:
    """Imports inside a function with no comment on the line or the line above."""
    inline = [
        node.lineno
        for function in ast.walk(tree(file))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    if not inline:
        return []
    tokens = tokenize.generate_tokens(io.StringIO(file.read_text()).readline)
    commented = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    return [f"{name(file)}:{line}" for line in sorted(set(inline)) if not {line, line - 1} & commented]
