from __future__ import annotations

import os
from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithify.sandbox.guest import shared
from lithify.sandbox.inputs import SharedInputs

LONG = 70_000
texts = st.sampled_from(["a", "é", "ą", "€", "😀", "a\ud800"]).flatmap(
    lambda unit: st.integers(LONG, LONG + 10).map(lambda size: (unit + "xy") * (size // 2))
)


def there_and_back(value: object, *, zero_copy: bool) -> object:
    inputs = SharedInputs(zero_copy=zero_copy)
    packed = inputs.pack(value)  # type: ignore[arg-type]
    inputs.close()
    return shared.restore(packed.form, deque([packed.descriptor]))


@pytest.mark.skipif(not shared.layout_holds(), reason="this interpreter stores str in another way")
def test_the_layout_of_this_interpreter_is_known() -> None:
    view, unit = shared.characters("aé€" * 5)
    assert (bytes(view).decode("utf-16-le"), unit) == ("aé€" * 5, 2)


@settings(max_examples=30, deadline=None)
@given(texts, st.booleans())
def test_texts_arrive_equal(text: str, zero_copy: bool) -> None:
    back = there_and_back(text, zero_copy=zero_copy and shared.layout_holds())
    assert isinstance(back, str)
    assert back == text
    assert hash(back) == hash(text)
    assert back[100:200] == text[100:200]
    assert back.find(text[-5:]) == text.find(text[-5:])
    assert {back: 1}[text] == 1
    assert len(back.upper()) >= LONG
    assert back.encode("utf-8", "surrogatepass") == text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("zero_copy", [True, False])
def test_bytes_and_files_arrive_equal(zero_copy: bool) -> None:
    held = zero_copy and shared.layout_holds()
    data = os.urandom(LONG)
    assert there_and_back(data, zero_copy=held) == data
    files = {"short": "x", "long": "€" * LONG, "other": "a" * LONG}
    back = there_and_back(files, zero_copy=held)
    assert back == files
    assert isinstance(back, dict)
    assert list(back) == list(files)


def test_small_values_are_not_shared() -> None:
    assert SharedInputs(zero_copy=True).pack("short").form == ["plain", "short"]


def test_the_same_object_is_shared_once() -> None:
    inputs = SharedInputs(zero_copy=True)
    text = "x" * LONG
    first, second = inputs.pack(text), inputs.pack(text)
    other = inputs.pack("y" * LONG)
    assert os.fstat(first.descriptor).st_ino == os.fstat(second.descriptor).st_ino
    assert os.fstat(first.descriptor).st_ino != os.fstat(other.descriptor).st_ino
    assert inputs.knows(text)
    for packed in (first, second, other):
        packed.release()
    inputs.close()
    assert not inputs.knows(text)


def test_a_changed_mapping_is_shared_anew() -> None:
    inputs = SharedInputs(zero_copy=True)
    files = {"a": "x" * LONG}
    inputs.pack(files).release()
    files["a"] = "y" * LONG
    packed = inputs.pack(files)
    assert shared.restore(packed.form, deque([packed.descriptor])) == files
    inputs.close()


def test_the_memory_cannot_be_changed_any_more() -> None:
    inputs = SharedInputs(zero_copy=True)
    packed = inputs.pack("x" * LONG)
    for change in (lambda fd: os.write(fd, b"y"), lambda fd: os.ftruncate(fd, 0), lambda fd: os.ftruncate(fd, 1 << 30)):
        with pytest.raises(OSError):
            change(packed.descriptor)
    packed.release()
    inputs.close()


def test_old_inputs_are_let_go() -> None:
    inputs = SharedInputs(zero_copy=True)
    many = ["x" * (LONG + number) for number in range(40)]
    for text in many:
        inputs.pack(text).release()
    assert not inputs.knows(many[0])
    assert inputs.knows(many[-1])
    inputs.close()


def test_tables_arrive_as_what_they_were() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    import pandas as pd

    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    back = there_and_back(frame, zero_copy=True)
    assert isinstance(back, pd.DataFrame)
    assert back["a"].tolist() == [1, 2]
    table = pyarrow.table({"n": [1, 2, 3]})
    assert there_and_back(table, zero_copy=True) == table


def test_a_table_without_pyarrow_says_what_to_do() -> None:
    import importlib.util

    import pandas as pd

    from lithify.errors import ProgrammerMustAct

    if importlib.util.find_spec("pyarrow"):
        pytest.skip("pyarrow is installed")
    with pytest.raises(ProgrammerMustAct, match="pip install pyarrow"):
        SharedInputs(zero_copy=True).pack(pd.DataFrame({"a": [1]}))
