"""Plain English: phrases that must not occur, and short sentences on the pages for newcomers."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PHRASES = {  # what must not be written: what to write instead
    r"anew": "again",
    r"as (it comes|they come)": "with default settings",
    r"belongs? into": "belongs in",
    r"beside": "next to",
    r"goes on|went on|go on with": "continues",
    r"gravest": "most serious",
    r"mend(s|ed|ing)?": "fix",
    r"of one's own": "your own",
    r"(not|be) to be had|were not at hand|was not at hand": "not available, not supported",
    r"to the bit": "bit for bit",
    r"torn": "corrupt, damaged",
    r"without network[?;,.]": "without internet access",
}
NEWCOMERS = (
    "any_data",
    "auxiliary_losses",
    "callbacks",
    "choosing_a_loss",
    "comparing_settings",
    "comparison",
    "conditional",
    "fine_tuning",
    "first_gan",
    "from_the_course",
    "how_it_works",
    "index",
    "measuring",
    "objectives",
    "own_loss",
    "own_metric",
    "own_model",
    "own_network",
    "own_penalty",
    "reading_the_curves",
    "saving_and_resuming",
    "self_conditioning",
    "small_data",
    "teaching",
    "training_report",
    "upgrading",
    "when_it_fails",
    "your_images",
    "your_tools",
)
ANY = re.compile(rf"\b({'|'.join(PHRASES)})(?!\w)", re.IGNORECASE)
LONGEST = 30  # words


def texts():
    """All files with prose: pages, and Python files with docstrings, errors and comments."""
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    for folder in ("docs", "keras_gans", "examples", "notebooks", "tests"):
        for kind in ("md", "py", "html"):
            pages += (ROOT / folder).rglob(f"*.{kind}")
    return [path for path in sorted(pages) if path != Path(__file__)]


def in_one_line(text):
    """The text without line breaks, signs of comments and the joints of strings."""
    text = re.sub(r'"\s*\n\s*[fr]*"', "", text)
    return " ".join(re.sub(r"\n\s*# ", " ", text).split())


def sentences(page):
    """The sentences of a page without its code, and the cells of its tables."""
    text = re.sub(r"^```.*?^```|^ {4}.*?$", "\n\n", page, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`]*`", "code", text)
    text = re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", text)
    blocks = re.split(r"\n\s*\n|\n(?=\s*[-|#*] ?)|\||\n(?=\d+\. )", text)
    for block in blocks:
        yield from re.split(r"(?<=[.!?])[)*\"]*\s+", " ".join(block.split()))


def words(sentence):
    return re.findall(r"[^\s]*\w[^\s]*", sentence)


def test_phrases_are_plain_english():
    found = []
    for path in texts():
        text = in_one_line(path.read_text(encoding="utf-8"))
        for match in ANY.finditer(text):
            better = next(PHRASES[key] for key in PHRASES if re.search(key, match[0], re.I))
            around = text[max(match.start() - 30, 0) : match.end() + 30]
            found.append(f"{path.relative_to(ROOT)}: ...{around}... -> {better}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", NEWCOMERS)
def test_sentences_for_newcomers_are_short(name):
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    long = [sentence for sentence in sentences(page) if len(words(sentence)) > LONGEST]
    assert not long, "\n".join(long)


def test_long_sentences_are_found():
    long = "word " * LONGEST + "word."
    assert max(len(words(part)) for part in sentences(f"Short. {long} Short.")) == LONGEST + 1
    assert len(list(sentences("One. Two `a. b`.\n\n```\nCode. Code.\n```\n\n- Three."))) == 3
    assert len(words("The `code` of [a link](there.md).")) == 5


def test_phrases_are_found_across_lines():
    code = 'raise ValueError(\n    "Equal to "\n    f"the bit."\n)  # It goes\n# on.\n'
    assert [match[0] for match in ANY.finditer(in_one_line(code))] == ["to the bit", "goes on"]
    assert not ANY.search("Besides, renewed and stubborn.")
