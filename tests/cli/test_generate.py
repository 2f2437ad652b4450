from pathlib import Path

import pytest

SMALL = ("--theta", "1.8", "0.5", "2", "3", "--per-configuration", "5", "--pixels", "200")


def test_data_are_made_summarised_and_verified(run_here, tmp_path: Path):
    made = run_here("generate", "--out", "set", *SMALL, "--pixel-size", "3", "--json")
    assert (made.code, made.err) == (0, "")
    expected = {
        "preset": "free",
        "images": 5,
        "training": 3,
        "evaluation": 2,
        "configurations": 1,
        "pixels": [200, 200],
        "pixel_size_nm": 3.0,
        "seed": 1,
        "files": 1,
        "bytes": (tmp_path / "set/chunks/chunk_00000.npz").stat().st_size,
    }
    assert made.document == {"out": "set", **expected}
    again = run_here("generate", "--out", "set", *SMALL, "--pixel-size", "3")
    assert again.out.startswith("5 images of 1 configurations, 3 for training and 2 for")
    assert run_here("generate", "--verify", "set", "--json").document == {
        "verified": "set",
        **expected,
    }


def test_damage_is_told_in_one_sentence(run_here, tmp_path: Path):
    run_here("generate", "--out", "set", *SMALL)
    path = tmp_path / "set/chunks/chunk_00000.npz"
    path.write_bytes(path.read_bytes()[:-1])
    answer = run_here("generate", "--verify", "set")
    assert (answer.code, answer.out) == (2, "")
    assert "chunk_00000.npz" in answer.sentence


def test_theta_is_drawn_from_the_ranges_given(run_here, tmp_path: Path):
    from heteroagg_gui.learning.dataset.reading import open_dataset

    amount = ("--aggregates", "6", "--per-configuration", "2", "--size-range", "2", "5")
    ranges = ("--fractal-dimension", "1.7", "1.8", "--mixing-ratio", "0.2", "0.3")
    imaging = ("--pixels", "64", "--pixel-size", "2", "--radius", "8", "1", "--dose", "30")
    answer = run_here(
        "generate", "--out", "set", *amount, *ranges, *imaging, "--largest-cluster", "1", "--json"
    )
    assert answer.document["configurations"] == 3
    dataset = open_dataset(tmp_path / "set")
    assert ((dataset.theta[:, 0] > 1.7) & (dataset.theta[:, 0] < 1.8)).all()
    assert ((dataset.theta[:, 1] > 0.2) & (dataset.theta[:, 1] < 0.3)).all()
    assert (dataset.theta[:, 2:] == 1).all()
    assert dataset.descriptors["n_particles"].max() <= 5
    electrons = dataset.full_scale * 30 * 400
    assert electrons == pytest.approx(electrons.round(), rel=1e-5)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--out", "set", "--verify", "set"),
        ("--out", "set", "--preset", "paper", "--aggregates", "5"),
        ("--out", "set", "--preset", "thesis"),
        ("--out", "set", "--theta", "1.8", "0.5", "2.5", "1"),
        ("--out", "set", "--theta", "1.8", "0.5", "nan", "1"),
        ("--out", "set", "--theta", "5", "0.5", "2", "1"),
        ("--out", "set", "--aggregates", "0"),
        ("--out", "set", "--aggregates", "9", "--fractal-dimension", "2", "1.5"),
        ("--out", "set", "--aggregates", "9", "--largest-cluster", "0"),
        ("--out", "set", "--per-triple", "3"),
        (*SMALL, "--out", "set", "--dose", "-1"),
        (*SMALL, "--out", "set", "--voltage", "200"),
        (*SMALL, "--out", "set", "--system", "gold"),
        (*SMALL, "--out", "set", "--seed", "-1"),
        (*SMALL, "--out", "set", "--jobs", "0"),
        (*SMALL, "--out", "set", "--pixels", "0"),
        ("--verify", "nowhere"),
    ],
)
def test_what_can_not_be_made_is_refused_in_one_sentence(run_here, arguments: tuple[str, ...]):
    answer = run_here("generate", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.sentence


def test_the_module_alone_makes_the_same_data(run_here, tmp_path: Path, project: Path):
    from tests.cli.conftest import call

    run_here("generate", "--out", "one", *SMALL)
    module = ("-m", "heteroagg_gui.learning.dataset.generation")
    answer = call([*module, "--out", "other", *SMALL], tmp_path, project)
    assert (answer.code, answer.document["images"]) == (0, 5)
    for name in ("dataset.json", "chunks/chunk_00000.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    refused = call([*module, "--verify", "nowhere"], tmp_path, project)
    assert (refused.code, refused.out) == (2, "")
    assert "Traceback" not in refused.err
