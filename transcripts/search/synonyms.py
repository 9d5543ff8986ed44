"""Other words for the same: the file of the house, or the one that a setting names."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from core.errors import DomainError
from transcripts.search.asking import Synonyms
from transcripts.search.normal import normalise_query

MOST_BYTES = 256 * 1024


class BadSynonyms(DomainError):
    """同义词文件有误。"""


def synonyms(path: Path | None) -> Synonyms:
    """Of the file at path, else of the one that came with us; read once. Raises BadSynonyms."""
    return _read(path, path.stat().st_mtime_ns if path and path.exists() else 0)


@lru_cache(maxsize=2)
def _read(path: Path | None, _changed: int) -> Synonyms:
    if path is None:
        return parse_synonyms(
            files("transcripts.search").joinpath("synonyms.txt").read_text(encoding="utf-8")
        )
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BadSynonyms(f"同义词文件 {path.name} 超过 {MOST_BYTES // 1024} KiB，请删减。")
        return parse_synonyms(data.decode("utf-8-sig"))
    except OSError as error:
        raise BadSynonyms(f"读不了同义词文件 {path}（{error.strerror}）。") from None
    except UnicodeDecodeError:
        raise BadSynonyms(f"同义词文件 {path.name} 不是 UTF-8 文本，请另存为 UTF-8。") from None


def parse_synonyms(text: str) -> Synonyms:
    """Lines of `一个=另一个=…`; each word stands for all of its line. Raises BadSynonyms with the line's number."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        group = [normalise_query(each) for each in line.split("=")]
        if len(group) < 2 or not all(group):
            raise BadSynonyms(f"同义词文件第 {number} 行应是“一个词=另一个词”，现在是“{line[:40]}”。")
        for word in group:
            known = found.setdefault(word, [])
            known += [each for each in group if each != word and each not in known]
    return found
