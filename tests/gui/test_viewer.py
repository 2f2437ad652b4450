"""The 3D view: drawn with OpenGL, so these tests need a display that has it."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from heteroagg_gui.core.aggregate import Aggregate
from heteroagg_gui.core.materials import load_material_system
from heteroagg_gui.gui.panels.sphere_scene import (
    SphereScene,
    cluster_colors,
    extent_nm,
    material_colors,
)

COLORS = WO3_COLOR, TIO2_COLOR = load_material_system("tio2-wo3").colours

pytestmark = pytest.mark.gl


def aggregate_of(positions, radii, labels, clusters=None) -> Aggregate:
    count = len(radii)
    return Aggregate(
        np.asarray(positions, dtype=np.float64).reshape(count, 3),
        np.asarray(radii, dtype=np.float64),
        np.asarray(labels, dtype=np.uint8),
        np.asarray(clusters if clusters is not None else range(count), dtype=np.int32),
    )


def pixels_of(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height = image.width(), image.height()
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, image.bytesPerLine())
    return rows[:, : 3 * width].reshape(height, width, 3).astype(int)


def share_of(pixels: np.ndarray, color: str) -> float:
    """Return the share of pixels whose hue is that of a material, however they are lit."""
    wanted = QColor(color).hueF()
    low, high = pixels.min(axis=2), pixels.max(axis=2)
    colored = (high - low) > 60
    hues = np.array([QColor(*map(int, rgb)).hueF() for rgb in pixels[colored]])
    return float(np.sum(np.abs(hues - wanted) < 0.06) / (pixels.shape[0] * pixels.shape[1]))


@pytest.fixture
def scene(qapp, qtbot):
    scene = SphereScene(QColor("white"))
    scene.widget.resize(200, 160)
    scene.widget.show()
    qtbot.waitExposed(scene.widget)
    yield scene
    scene.close()


def show(scene: SphereScene, aggregate: Aggregate) -> None:
    scene.set_aggregate(aggregate, material_colors(aggregate, COLORS))


def grab(scene: SphereScene) -> np.ndarray:
    return pixels_of(scene.picture(1))


def test_materials_have_their_colours_and_true_sizes(scene):
    show(scene, aggregate_of([[-40, 0, 0], [40, 0, 0]], [20.0, 20.0], [0, 1]))
    scene.reset_direction()
    scene._camera.elevation, scene._camera.azimuth = 0, 0
    scene.frame(160.0)
    pixels = grab(scene)
    # the disc of a sphere of 20 nm on a field of 1.08 * 160 nm over the shorter side
    field = 1.08 * 160.0
    expected = np.pi * 20.0**2 / (field * field * 200 / 160)
    for color in (WO3_COLOR, TIO2_COLOR):
        assert share_of(pixels, color) == pytest.approx(expected, rel=0.12)


def test_larger_radius_gives_more_pixels_even_for_huge_spheres(scene):
    shares = []
    for radius in (10.0, 20.0, 60.0):
        show(scene, aggregate_of([[0, 0, 0]], [radius], [0]))
        scene.frame(160.0)
        shares.append(share_of(grab(scene), WO3_COLOR))
    assert shares[1] == pytest.approx(4 * shares[0], rel=0.2)
    assert shares[2] > 3.5 * shares[1]


def test_nearer_sphere_hides_the_farther_one(scene):
    # looking along y: the sphere with the smaller y is in front
    scene._camera.elevation, scene._camera.azimuth = 0, 0
    both = [[0, -30, 0], [0, 30, 0]]
    seen = []
    for labels in ([0, 1], [1, 0]):
        show(scene, aggregate_of(both, [25.0, 15.0], labels))
        scene.frame(160.0)
        pixels = grab(scene)
        seen.append((share_of(pixels, WO3_COLOR), share_of(pixels, TIO2_COLOR)))
    assert seen[0][0] > 0.05
    assert seen[0][1] < 0.002
    assert seen[1][1] > 0.05
    assert seen[1][0] < 0.002


def test_two_pictures_of_the_same_view_are_equal(scene):
    show(scene, aggregate_of([[-20, 0, 0], [20, 5, 9]], [20.0, 12.0], [0, 1]))
    scene.frame(100.0)
    first, second = grab(scene), grab(scene)
    assert np.array_equal(first, second)
    scene.turn(40, 10)
    assert not np.array_equal(first, grab(scene))


def test_picture_has_twice_the_points(scene):
    show(scene, aggregate_of([[0, 0, 0]], [20.0], [0]))
    scene.frame(100.0)
    image = scene.picture(2)
    assert (image.width(), image.height()) == (400, 320)
    assert scene.widget.width() == 200


def test_colours_by_material_and_by_cluster():
    aggregate = aggregate_of(np.zeros((4, 3)), [5.0] * 4, [0, 0, 1, 1], [0, 0, 1, 2])
    by_material = material_colors(aggregate, COLORS)
    assert np.allclose(by_material[0][:3], QColor(WO3_COLOR).getRgbF()[:3])
    assert np.allclose(by_material[3][:3], QColor(TIO2_COLOR).getRgbF()[:3])
    by_cluster = cluster_colors(aggregate)
    assert np.array_equal(by_cluster[0], by_cluster[1])
    assert not np.array_equal(by_cluster[2], by_cluster[3])


def test_extent_holds_every_sphere():
    aggregate = aggregate_of([[0, 0, 0], [100, 0, 0]], [10.0, 20.0], [0, 1])
    assert extent_nm(aggregate) == pytest.approx(140.0)


def test_the_window_shows_shadows_in_3d(make_program, predictor, micrographs, until, qtbot):
    program = make_program(n_shadows=20, theme="dark")
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    qtbot.wait(200)
    viewer = program.views.viewer
    pixels = pixels_of(viewer.picture())
    assert share_of(pixels[::4, ::4], WO3_COLOR) > 0.003
    assert share_of(pixels[::4, ::4], TIO2_COLOR) > 0.003
    assert viewer.scale_bar.nm_per_point == pytest.approx(viewer.scene.nm_per_point)
    ground = pixels[2, 2]
    assert max(ground) < 60
    viewer.reset.click()
    zoomed = viewer.scene.nm_per_point
    assert zoomed * min(viewer.scene.widget.width(), viewer.scene.widget.height()) == (
        pytest.approx(1.08 * extent_nm(viewer.aggregate), rel=0.02)
    )
    viewer.coloring.setCurrentIndex(1)
    assert not viewer.legend.isVisible()
    assert not np.array_equal(pixels_of(viewer.picture()), pixels)


def test_view_survives_when_its_region_floats(make_program, predictor, micrographs, until, qtbot):
    program = make_program(n_shadows=5)
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    dock = program.views.workbench.docks["viewer"]
    dock.setFloating(True)
    qtbot.wait(200)
    floating = pixels_of(program.views.viewer.picture())
    dock.setFloating(False)
    qtbot.wait(200)
    docked = pixels_of(program.views.viewer.picture())
    for pixels in (floating, docked):
        assert share_of(pixels[::4, ::4], TIO2_COLOR) > 0.003
