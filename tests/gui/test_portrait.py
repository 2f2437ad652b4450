import numpy as np
import pytest
from PySide6.QtGui import QImage

from heteroagg_gui.gui.portrait import main
from heteroagg_gui.workflow.trainings.training import begin_folder
from tests.workflow.fake_trainings import plan


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("HETEROAGG_HOME", str(tmp_path))


@pytest.mark.gl
def test_portrait_shows_the_whole_job(home, predictor, micrographs, tmp_path):
    out = tmp_path / "window.png"
    arguments = [str(out), "--dark", "--size", "1366x768", "--folder", str(micrographs)]
    assert main(arguments) == 0
    image = QImage(str(out)).convertToFormat(QImage.Format.Format_RGB888)
    assert (image.width(), image.height()) == (1366, 768)
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8)
    assert np.median(pixels) < 90
    assert len(np.unique(pixels)) > 100


def test_portrait_of_the_empty_window(home, predictor, tmp_path):
    out = tmp_path / "empty.png"
    assert main([str(out), "--scene", "empty"]) == 0
    assert QImage(str(out)).width() == 1600


def test_portrait_says_why_it_failed(home, predictor, broken, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("heteroagg_gui.gui.portrait.PATIENCE_S", 3.0)
    predictor.error = OSError("no network today")
    assert main([str(tmp_path / "x.png"), "--folder", str(broken)]) == 2
    assert capsys.readouterr().err
    assert not (tmp_path / "x.png").exists()


def test_portrait_of_the_simulate_tab(home, predictor, tmp_path):
    out = tmp_path / "simulate.png"
    assert main([str(out), "--tab", "simulate", "--size", "1100x700"]) == 0
    image = QImage(str(out)).convertToFormat(QImage.Format.Format_Grayscale8)
    assert (image.width(), image.height()) == (1100, 700)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(700, image.bytesPerLine())
    # the image is black with bright particles
    view = pixels[200:450, 420:720]
    assert np.mean(view < 60) > 0.5
    assert np.mean(view > 150) > 0.005


def test_portrait_of_the_retrain_tab(home, predictor, tmp_path):
    out = tmp_path / "retrain.png"
    arguments = ["--tab", "retrain", "--page", "2", "--dark", "--size", "1366x768"]
    assert main([str(out), *arguments]) == 0
    image = QImage(str(out)).convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(768, image.bytesPerLine())
    assert np.median(pixels) < 90
    # the curve of the radius stands out from the ground of the plot at the right
    assert pixels[130:560, 950:1340].max() > 130


def test_portrait_of_trainings_leaves_them_alone(home, predictor, tmp_path):
    folder = begin_folder(plan(), tmp_path / "kept", 1.0)
    before = sorted(folder.iterdir())
    out = tmp_path / "trainings.png"
    assert main([str(out), "--trainings", str(tmp_path / "kept"), "--size", "1366x768"]) == 0
    assert QImage(str(out)).width() == 1366
    assert sorted(folder.iterdir()) == before
