import pytest

from heteroagg_gui.workflow.state import ItemStatus


@pytest.fixture
def asking(program, uncalibrated, until):
    program.to.files.open_paths(uncalibrated)
    until(lambda: len(program.session.state.items) == 2 and not program.board.running)
    return program


def test_missing_pixel_size_is_asked_once_for_all(asking, until):
    strip = asking.views.micrograph.strip
    assert [i.status for i in asking.session.state.items] == [ItemStatus.UNCALIBRATED] * 2
    assert strip.widget.isVisible()
    assert strip.target.currentText() == "all 2 without pixel size"
    assert asking.session.state.prediction is None
    strip.size.setValue(1.25)
    assert strip.meaning.text() == "Field of view 120 × 120 nm"
    strip.apply.click()
    assert all(i.micrograph.pixel_size_nm == 1.25 for i in asking.session.state.items)
    assert not strip.widget.isVisible()
    until(lambda: asking.session.state.prediction is not None)


def test_pixel_size_for_one_image_alone(asking):
    strip = asking.views.micrograph.strip
    strip.target.setCurrentIndex(0)
    strip.size.setValue(2.0)
    strip.apply.click()
    sizes = [i.micrograph.pixel_size_nm for i in asking.session.state.items]
    assert sizes == [2.0, None]
    asking.to.navigation.step_image(1)
    assert strip.widget.isVisible()
    assert not strip.target.isVisible()


def test_pixel_size_from_a_line_of_known_length(asking):
    strip, view = asking.views.micrograph.strip, asking.views.micrograph.view
    assert view.scale_bar.nm_per_point is None
    strip.measure.setChecked(True)
    view.set_line((10.0, 20.0), (90.0, 20.0))
    assert view.line_length_pixels() == pytest.approx(80.0, abs=0.01)
    strip.length.setValue(40.0)
    assert strip.size.value() == pytest.approx(0.5, abs=1e-3)
    strip.apply.click()
    assert not view.measuring
    assert view.scale_bar.nm_per_point > 0


def test_calibrated_image_can_be_corrected_and_undone(program, micrographs, until):
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    strip = program.views.micrograph.strip
    assert not strip.widget.isVisible()
    program.menus.actions["pixel_size"].trigger()
    assert strip.widget.isVisible()
    assert strip.size.value() == pytest.approx(1.25)
    assert strip.target.currentText() == "this image"
    strip.target.setCurrentIndex(1)
    strip.size.setValue(0.8)
    strip.apply.click()
    assert {i.micrograph.pixel_size_nm for i in program.session.state.items} == {0.8}
    until(lambda: program.session.state.prediction is not None and not program.board.running)
    program.menus.actions["undo"].trigger()
    sizes = {round(i.micrograph.pixel_size_nm, 6) for i in program.session.state.items}
    assert sizes == {1.25}


def test_levels_invert_and_network_view(program, micrographs, until):
    program.to.files.open_paths([micrographs])
    until(lambda: program.session.state.shadows is not None and not program.board.running)
    panel = program.views.micrograph
    low, high = panel.levels.levels
    panel.levels.changed.emit(low + 5, high)
    assert panel.view._image.levels[0] == pytest.approx(low + 5)
    panel.levels.changed.emit(float("nan"), float("nan"))
    assert panel.levels.levels == pytest.approx((low, high))
    panel.invert.click()
    assert panel.view._image.lut is not None
    panel.network.click()
    until(lambda: panel._shown is not None and panel._shown.prepared)
    assert "as the network sees it" in panel.title.text()
    panel.view.pointed.emit((10.0, 4.0, 128.0))
    assert "nm" in panel.view.scale_bar._note
