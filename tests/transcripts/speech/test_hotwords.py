from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tests.support.speech import SpeechData, speech_data
from transcripts.glossary.seed import seed
from transcripts.speech.hotwords import MOST_TOKENS, STYLE, before_window, fill

__all__ = ["speech_data"]


def letters(text: str) -> int:
    return len(text)


def test_words_are_taken_in_their_order_until_there_is_no_room() -> None:
    taken = fill(["行政复议法", "张三", "行政诉讼"], letters, len(STYLE) + 10)
    assert taken == ("行政复议法", "张三")
    assert before_window(taken) == STYLE + "行政复议法、张三"


def test_a_word_too_long_makes_room_for_shorter_ones_behind_it() -> None:
    assert fill(["一" * 50, "复议", "诉讼"], letters, len(STYLE) + 6) == ("复议", "诉讼")


def test_without_room_only_the_style_stands_there() -> None:
    assert fill(["复议"], letters, 3) == ()
    assert before_window(()) == STYLE


@given(
    st.lists(st.text("行政复议法, a", min_size=1, max_size=9), max_size=40),
    st.integers(0, 120),
    st.sampled_from([letters, lambda text: len(text.encode()), lambda text: len(text) * 2 + 3]),
)
def test_never_more_than_the_model_takes_and_every_word_whole(
    words: list[str], most: int, count: Callable[[str], int]
) -> None:
    taken = fill(words, count, most)
    assert not taken or count(before_window(taken)) <= most
    rest = iter(words)
    assert all(word in rest for word in taken)  # in the order given, none twice


def test_the_glossary_fills_the_tokens_of_the_real_tokenizer(speech_data: SpeechData) -> None:
    tokenizer = Tokenizer.from_file(str(speech_data.whisper_tokenizer / "tokenizer.json"))

    def count(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False).ids)

    taken = fill(list(seed().terms), count)
    used = count(before_window(taken))
    assert MOST_TOKENS - 6 <= used <= MOST_TOKENS
    assert 20 <= len(taken) <= 80
