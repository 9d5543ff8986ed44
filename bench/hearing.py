"""`python -m bench.hearing FOLDER THREADS TOKENS`: how fast one Whisper model of that folder is, as a line of JSON.

A process of its own, so that its memory is that of this model alone.
"""

import json
import resource
import sys
import time
from typing import Any

import numpy as np
from faster_whisper import WhisperModel

WINDOW_SECONDS = 30
SAMPLE_RATE = 16_000
BEFORE = 200
"""Tokens that stand before a window: hotwords."""


def main() -> None:
    folder, threads, tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    begun = time.perf_counter()
    model = WhisperModel(
        folder, device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
    )
    loaded = time.perf_counter() - begun
    sound = np.random.default_rng(1).standard_normal(WINDOW_SECONDS * SAMPLE_RATE).astype(np.float32) * 0.1
    features = model.feature_extractor(sound)[:, :3000]
    model.encode(features)  # the first one also makes room
    begun = time.perf_counter()
    encoded = model.encode(features)
    said: dict[str, Any] = {"load_s": loaded, "encode_s": time.perf_counter() - begun}
    for beam in (1, 5):
        said[f"token_ms_beam_{beam}"] = token_ms(model, encoded, beam, tokens)
    # Linux: ru_maxrss is KiB.
    said["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(said))  # noqa: T201


def token_ms(model: WhisperModel, encoded: Any, beam: int, tokens: int) -> float:
    """Milliseconds a token, behind as many hotwords as a window has."""
    ids = model.hf_tokenizer.encode("行政复议" * BEFORE, add_special_tokens=False).ids[:BEFORE]
    special = [
        model.hf_tokenizer.token_to_id(each)
        for each in ("<|startofprev|>", "<|startoftranscript|>", "<|zh|>", "<|transcribe|>")
    ]
    prompt = [special[0], *ids, *special[1:]]
    end = model.hf_tokenizer.token_to_id("<|endoftext|>")

    def written(most: int) -> tuple[float, int]:
        begun = time.perf_counter()
        (made,) = model.model.generate(
            encoded,
            [prompt],
            beam_size=beam,
            max_length=len(prompt) + most,
            suppress_tokens=[-1, end],
        )
        return time.perf_counter() - begun, len(made.sequences_ids[0])

    (short, few), (long, many) = written(1), written(tokens)
    assert many - few >= tokens // 2, f"only {many} tokens"
    # The prompt is read once in either: what is left is the tokens'.
    return (long - short) / (many - few) * 1000


if __name__ == "__main__":
    main()
