from core.web.flash import Flash, FlashCodec

SAID = Flash("done", "已退出登录。")


def test_a_sentence_survives_the_way() -> None:
    codec = FlashCodec([b"now"])
    assert codec.decode(codec.encode(SAID)) == SAID


def test_nobody_else_puts_words_on_our_pages() -> None:
    assert FlashCodec([b"ours"]).decode(FlashCodec([b"theirs"]).encode(SAID)) is None
    assert FlashCodec([b"ours"]).decode("garbage") is None
    assert FlashCodec([b"ours"]).decode(None) is None


def test_a_sentence_signed_before_the_secret_changed_is_still_shown() -> None:
    assert FlashCodec([b"new", b"old"]).decode(FlashCodec([b"old"]).encode(SAID)) == SAID
