"""A closed bigram language model (ARPA) of a few sentences: a recogniser with it knows what may be said.

Its error rate proves the way from sound to subtitles on real recordings, not how well anybody is understood who
says something else. Probabilities: absolute discounting with back-off to the unigrams.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

DISCOUNT = 0.001
"""Nearly nothing is left for what the sentences do not say."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def words_of(sentence: str, vocabulary: Collection[str]) -> list[str]:
    """Cut into the longest words that the dictionary has. Fails for a character it has not."""
    longest = max(map(len, vocabulary))
    words = []
    for run in _CHINESE.findall(sentence):
        at = 0
        while at < len(run):
            found = next(
                run[at : at + length]
                for length in range(min(longest, len(run) - at), 0, -1)
                if run[at : at + length] in vocabulary
            )
            words.append(found)
            at += len(found)
    return words


def arpa(sentences: Iterable[Sequence[str]]) -> str:
    pairs: Counter[tuple[str, str]] = Counter()
    words: Counter[str] = Counter()
    for sentence in sentences:
        marked = ["<s>", *sentence, "</s>"]
        words.update(marked)
        pairs.update(pairwise(marked))
    before = Counter[str]()
    for (first, _), count in pairs.items():
        before[first] += count
    total = sum(count for word, count in words.items() if word != "<s>")
    share = {word: count / total for word, count in words.items()}
    lines = ["\\data\\", f"ngram 1={len(words)}", f"ngram 2={len(pairs)}", "", "\\1-grams:"]
    for word in sorted(words):
        probability = -99.0 if word == "<s>" else math.log10(share[word])
        followers = [second for first, second in pairs if first == word]
        line = f"{probability:.4f}\t{word}"
        if followers:
            left = DISCOUNT * len(followers) / before[word]
            unseen = max(1 - sum(share[second] for second in followers), 1e-6)
            line += f"\t{math.log10(left / unseen):.4f}"
        lines.append(line)
    lines += ["", "\\2-grams:"]
    for (first, second), count in sorted(pairs.items()):
        lines.append(f"{math.log10((count - DISCOUNT) / before[first]):.4f}\t{first} {second}")
    return "\n".join([*lines, "", "\\end\\", ""])
