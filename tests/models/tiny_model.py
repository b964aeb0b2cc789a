"""A tiny random model as a GGUF file, and the real llama.cpp server over it.

``python -m tests.models.tiny_model FILE`` writes the file. It speaks gibberish: what is tested is
the server, not the model.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import gguf
import numpy as np

__all__ = ["llama_server", "write_tiny_model"]

WIDTH, LAYERS, HEADS, CONTEXT = 32, 2, 4, 8192
TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def _byte_tokens() -> list[str]:
    """Give each byte a printable sign, as byte-level vocabularies do."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    signs = {byte: chr(byte) for byte in plain}
    later = iter(range(256, 512))
    return [signs[byte] if byte in signs else chr(next(later)) for byte in range(256)]


def write_tiny_model(path: Path, *, seed: int = 1) -> Path:
    """Write a random model of bytes; nothing is written when it is there already.

    Parameters
    ----------
    path : Path
        The file.
    seed : int
        Of its weights.

    Returns
    -------
    Path
        The file.
    """
    if path.exists():
        return path
    part = path.with_suffix(".part")
    writer = gguf.GGUFWriter(part, "llama")
    tokens = [*_byte_tokens(), "<|end|>", "<|user|>", "<|system|>", "<|assistant|>"]
    writer.add_name("tiny-random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(2 * WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * 256 + [3] * 4)
    writer.add_token_merges(["Ġ t"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(256)
    writer.add_chat_template(TEMPLATE)
    rng = np.random.default_rng(seed)
    for name, shape in _shapes(len(tokens)).items():
        weights = np.ones(shape) if "norm" in name else rng.normal(0.0, 0.6, shape)
        writer.add_tensor(name, weights.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return part.rename(path)


def _shapes(vocabulary: int) -> dict[str, tuple[int, ...]]:
    square, wide = (WIDTH, WIDTH), (2 * WIDTH, WIDTH)
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (vocabulary, WIDTH),
        "output_norm.weight": (WIDTH,),
        "output.weight": (vocabulary, WIDTH),
    }
    for layer in range(LAYERS):
        inner = {
            "attn_norm": (WIDTH,), "attn_q": square, "attn_k": square, "attn_v": square,
            "attn_output": square, "ffn_norm": (WIDTH,), "ffn_gate": wide, "ffn_up": wide,
            "ffn_down": (WIDTH, 2 * WIDTH),
        }  # fmt: skip
        shapes |= {f"blk.{layer}.{name}.weight": shape for name, shape in inner.items()}
    return shapes


@contextmanager
def llama_server(model: Path, *, key: str, context: int = CONTEXT) -> Generator[str]:
    """Serve a model on loopback.

    Parameters
    ----------
    model : Path
        The file.
    key : str
        Key that it wants.
    context : int
        Tokens that it reads.

    Yields
    ------
    str
        Address of the API.
    """
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = context
    params.n_parallel = 2
    params.api_keys = [key]
    params.warmup = False
    params.verbosity = -1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


if __name__ == "__main__":
    print(write_tiny_model(Path(sys.argv[1])))  # noqa: T201 - a script
