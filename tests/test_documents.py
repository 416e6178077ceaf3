"""Documents: lines that fit a screen, and links and paths that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

LONGEST_LINE = 120


def documents(root: Path) -> Iterator[Path]:
    yield from sorted(root.glob("*.md"))
    yield from sorted((root / "docs").rglob("*.md"))
    yield root / "tests" / "README.md"


def test_no_line_of_a_document_is_longer_than_a_screen(root: Path) -> None:
    long = [
        f"{page.relative_to(root)}:{number}"
        for page in documents(root)
        for number, line in enumerate(page.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_links_between_documents_lead_somewhere(root: Path) -> None:
    broken = []
    for page in documents(root):
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
            path, _, anchor = link.partition("#")
            target = page.parent / path if path else page
            if link.startswith(("http://", "https://")):
                continue
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{page.relative_to(root)}: {link}")
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_files_and_folders_that_documents_name_exist(root: Path) -> None:
    folders = {path.name for path in root.iterdir() if path.is_dir()}
    missing = [
        f"{page.relative_to(root)}: {path}"
        for page in documents(root)
        if page.name != "CHANGELOG.md"
        for path in re.findall(r"`([\w./-]+/[\w./-]*)`", page.read_text())
        if path.split("/")[0] in folders and not (root / path).exists() and not (page.parent / path).exists()
    ]
    assert missing == []
