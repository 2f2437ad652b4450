"""Cards and weights that are broken or hostile leave nothing behind."""

import json
import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from heteroagg_gui.workflow.model_store import install_model
from tests.small_networks import write_card
from tests.workflow.installing.sources import WEIGHTS, packed, refused


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"format": 2, "program_version": "9.1"}, r"newer version of the program \(9.1\)"),
        ({"format": "1"}, "'format' must be the number"),
        ({"format": None}, "'format' must be"),
        ({"format": 0}, "another version"),
        ({"kind": "oracle"}, "unknown kind"),
        ({"kind": ["compact-set"]}, "'kind' must be one line"),
        ({"name": 7}, "'name' must be"),
        ({"title": "two\nlines"}, "'title' must be one line"),
        ({"title": "x" * 301}, "'title' must be one line"),
        ({"sha256": "abc"}, "'sha256' must be"),
        ({"sha256": "0" * 64}, "not those its card describes"),
        ({"figures": []}, "'figures' must be"),
        ({"figures": {"sets_of_12": 3}}, "'figures' must be"),
        ({"figures": {"theta_0_exact": "best"}}, "'theta_0_exact' must be a number"),
        ({"figures": {"theta_0_exact": {"low": 0.1}}}, "'theta_0_exact' must be a number"),
        ({"paper": {"theta_1_exact": [1]}}, "'theta_1_exact' must be a number"),
        ({"limits": "none"}, "'limits' must be a list"),
        ({"history": [1]}, "'history' must be a list"),
        ({"training": 3}, "'training' must be"),
        ({"default": "yes"}, "'default' must be"),
        ({"trained_on": {"material_system": "../x"}}, "'material_system' must be"),
    ],
)
def test_a_card_of_the_wrong_form_is_refused(network: Path, entries: dict, words: str):
    write_card(network, **entries)
    assert re.search(words, refused(packed(network)))


@pytest.mark.parametrize(
    "text", ["{", "[]", "[" * 100_000, '{"format": ' + "9" * 5000 + "}", "\xff"]
)
def test_a_card_that_is_none_is_refused(network: Path, text: str):
    (network / "card.json").write_bytes(text.encode("latin-1"))
    assert "card" in refused(network)


def test_what_a_card_need_not_say_may_be_missing(network: Path):
    (network / "card.json").write_text('{"format": 1, "kind": "compact-set"}')
    assert install_model(network).is_dir()


# Weights


def replace_weights(network: Path, content: bytes) -> None:
    (network / WEIGHTS).write_bytes(content)
    write_card(network)


def header(length: int, text: str, data: bytes = b"") -> bytes:
    return struct.pack("<Q", length) + text.encode() + data


TENSOR = '{"a": {"dtype": "F32", "shape": [%s], "data_offsets": [0, %s]}}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"abc",
        header(10, "{}"),
        header(2, "{}"),
        header(2, "[]"),
        header(len(TENSOR % (2, 8)), TENSOR % (2, 8), bytes(4)),
        header(len(TENSOR % (2, 8)), TENSOR % (2, 8), bytes(12)),
        header(len(TENSOR % (10**12, 8)), TENSOR % (10**12, 8), bytes(8)),
        header(len(TENSOR % (-2, 8)), TENSOR % (-2, 8), bytes(8)),
        header(100_000, "[" * 100_000),
    ],
)
def test_weights_that_are_none_are_refused(network: Path, content: bytes):
    replace_weights(network, content)
    assert "no safetensors file" in refused(network)


def test_a_huge_head_is_not_read(network: Path):
    replace_weights(network, header(2**62, "{}"))
    assert "announces a head" in refused(network)


def changed_weights(network: Path, change: Callable[[dict, dict], None]) -> None:
    from safetensors import safe_open

    with safe_open(network / WEIGHTS, "pt") as handle:
        description = json.loads(handle.metadata()["network"])
    tensors = load_file(network / WEIGHTS)
    change(tensors, description)
    save_file(tensors, network / WEIGHTS, {"network": json.dumps(description)})
    write_card(network)


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors, _: tensors.pop("trunk.quantities.bias"),
        lambda tensors, _: tensors.update({"trunk.quantities.bias": torch.zeros(3)}),
        lambda _, described: described["size"].update(channels=[200_000] * 4),
        lambda _, described: described["size"].update(blocks=[10**9, 1, 1]),
        lambda _, described: described.update(heads=10**9),
        lambda _, described: described.update(descriptions=10**7),
        lambda _, described: described.pop("size"),
        lambda _, described: described["size"].update(embedding="x"),
    ],
)
def test_tensors_that_do_not_fit_their_network_are_refused(network: Path, change: Callable):
    changed_weights(network, change)
    assert "do not fit" in refused(network)


def test_weights_that_are_no_numbers_are_refused(network: Path):
    changed_weights(network, lambda tensors, _: tensors["trunk.quantities.bias"].fill_(torch.nan))
    assert "no numbers" in refused(network)


def test_missing_weights_are_said(network: Path):
    (network / WEIGHTS).unlink()
    assert "weights" in refused(network)
