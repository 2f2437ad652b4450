"""Everything that can be done in the window, as one table: menus are made from it."""

from heteroagg_gui.gui.command import Command, Scope, Situation
from heteroagg_gui.gui.session_commands import SESSION_COMMANDS
from heteroagg_gui.gui.tab_commands import TAB_COMMANDS
from heteroagg_gui.workflow.state import ItemStatus


def _has_items(s: Situation) -> bool:
    return bool(s.state.items)


def _has_selection(s: Situation) -> bool:
    return s.state.selected_item is not None


def _has_image(s: Situation) -> bool:
    item = s.state.selected_item
    return item is not None and item.micrograph is not None


def _has_refused(s: Situation) -> bool:
    return any(item.status is ItemStatus.REFUSED for item in s.state.items)


def can_predict(s: Situation) -> bool:
    """Whether there is an image and a network to predict with."""
    return s.ready and s.has_model and bool(s.state.usable_items)


def _has_prediction(s: Situation) -> bool:
    return s.state.prediction is not None


def _has_shadows(s: Situation) -> bool:
    return s.ready and s.state.shadows is not None and len(s.state.shadows) > 0


def _has_result(s: Situation) -> bool:
    return s.state.prediction is not None or s.state.shadows is not None


COMMANDS: tuple[Command, ...] = (
    Command(
        "open",
        "&File",
        "&Open…",
        ("Ctrl+O",),
        icon="open",
        tip="Add micrographs, or open a session",
    ),
    Command(
        "open_folder",
        "&File",
        "Open &folder…",
        ("Ctrl+Shift+O",),
        icon="folder",
        tip="Add every micrograph of a folder",
    ),
    Command(
        "open_sample",
        "&File",
        "Try the &sample batch",
        (),
        lambda s: s.has_sample,
        "sample",
        "Open the sample micrographs, predict theta and draw shadows",
    ),
    *SESSION_COMMANDS,
    Command(
        "export",
        "&File",
        "&Export…",
        ("Ctrl+E",),
        _has_result,
        "export",
        "Write prediction, shadows and descriptors to a folder",
        parted=True,
    ),
    Command(
        "save_view",
        "&File",
        "Save picture of the 3D &view…",
        (),
        _has_shadows,
        "picture",
        "Save the 3D view with its scale bar at twice the resolution",
    ),
    Command(
        "save_histograms",
        "&File",
        "Save picture of the &histograms…",
        (),
        _has_shadows,
        "picture",
        "Save the histograms of the descriptors",
    ),
    Command(
        "save_micrograph",
        "&File",
        "Save picture of the &micrograph…",
        (),
        _has_image,
        "picture",
        "Save the micrograph as it is shown, with its scale bar",
    ),
    Command(
        "save_descriptors",
        "&File",
        "Save &descriptors as CSV…",
        (),
        _has_shadows,
        "table",
        "Save the descriptors of every shadow",
    ),
    Command(
        "close_batch",
        "&File",
        "&Close batch",
        ("Ctrl+W",),
        _has_items,
        "cancel",
        "Take all images out of the batch; their files stay where they are",
        parted=True,
    ),
    Command("quit", "&File", "&Quit", ("Ctrl+Q",), parted=True, tip="Leave the program"),
    Command("undo", "&Edit", "&Undo", ("Ctrl+Z",), lambda s: s.can_undo, "undo"),
    Command("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), lambda s: s.can_redo, "redo"),
    Command(
        "copy_text",
        "&Edit",
        "&Copy theta as text",
        ("Ctrl+C",),
        _has_prediction,
        "copy",
        "Copy the prediction with its intervals",
        parted=True,
    ),
    Command(
        "copy_csv",
        "&Edit",
        "Copy the estimates as C&SV",
        ("Ctrl+Shift+C",),
        _has_prediction,
        "table",
        "Copy the estimates of every image and of the batch",
    ),
    Command(
        "copy_view",
        "&Edit",
        "Copy picture of the 3D &view",
        (),
        _has_shadows,
        "copy",
        "Copy the 3D view with its scale bar at twice the resolution",
    ),
    Command(
        "copy_histograms",
        "&Edit",
        "Copy picture of the &histograms",
        (),
        _has_shadows,
        "copy",
    ),
    Command(
        "copy_micrograph",
        "&Edit",
        "Copy picture of the &micrograph",
        (),
        _has_image,
        "copy",
    ),
    Command(
        "paste",
        "&Edit",
        "&Paste files",
        ("Ctrl+V",),
        icon="drop",
        tip="Open the files on the clipboard",
    ),
    Command(
        "toggle_included",
        "&Edit",
        "&Include or leave out",
        ("Space",),
        _has_selection,
        "ok",
        "Choose whether the selected images take part in the prediction",
        parted=True,
        scope=Scope.IMAGES,
    ),
    Command(
        "remove",
        "&Edit",
        "Re&move from the batch",
        ("Delete",),
        _has_selection,
        "remove",
        "Take the selected images out of the batch",
        scope=Scope.IMAGES,
    ),
    Command(
        "retry",
        "&Edit",
        "&Try refused files again",
        (),
        _has_refused,
        "reset",
        "Read the refused files once more",
    ),
    Command(
        "next_image", "&Edit", "&Next image", ("J", "Alt+Down"), _has_items, "next", parted=True
    ),
    Command("previous_image", "&Edit", "Pre&vious image", ("K", "Alt+Up"), _has_items, "previous"),
    Command(
        "show_analyse", "&View", "&Analyse", ("Ctrl+1",), icon="predict", tip="Show the images"
    ),
    Command(
        "show_simulate",
        "&View",
        "&Simulate",
        ("Ctrl+2",),
        lambda s: s.ready,
        "sample",
        "Make images of aggregates with a theta of your choice",
    ),
    Command(
        "show_retrain",
        "&View",
        "&Retrain",
        ("Ctrl+3",),
        lambda s: s.ready,
        "network",
        "Make a network for your materials and microscope",
    ),
    Command("log", "&View", "&Log", ("Ctrl+L",), icon="log", checkable=True, parted=True),
    Command(
        "reset_view",
        "&View",
        "Reset 3D &view",
        ("Home",),
        _has_shadows,
        "reset",
        "Look from the first direction again, as large as fits",
        scope=Scope.IMAGES,
    ),
    Command(
        "reset_layout",
        "&View",
        "&Reset layout",
        (),
        lambda s: s.ready,
        tip="Put every region back to where it was at first",
    ),
    Command("full_screen", "&View", "&Full screen", ("F11",), checkable=True, parted=True),
    Command(
        "predict",
        "&Analyse",
        "&Predict",
        ("Ctrl+R",),
        can_predict,
        "predict",
        "Estimate theta from the included images of the selected image's group",
    ),
    Command(
        "draw_shadows",
        "&Analyse",
        "&Draw shadows",
        ("Ctrl+D",),
        _has_prediction,
        "shadows",
        "Draw aggregates from the stochastic 3D model with the predicted theta; section 2.1.1",
    ),
    Command(
        "next_shadow",
        "&Analyse",
        "&Next shadow",
        ("]", "Alt+Right"),
        _has_shadows,
        "next",
        parted=True,
    ),
    Command(
        "previous_shadow",
        "&Analyse",
        "Pre&vious shadow",
        ("[", "Alt+Left"),
        _has_shadows,
        "previous",
    ),
    Command(
        "pixel_size",
        "&Analyse",
        "Set pixel &size…",
        ("Ctrl+P",),
        _has_image,
        "measure",
        "Give the pixel size of the selected image, or measure it along a line of known length",
        parted=True,
    ),
    Command(
        "predict_on_open",
        "&Analyse",
        "Predict new images &at once",
        checkable=True,
        parted=True,
        tip="Predict as soon as calibrated images are open",
    ),
    Command(
        "draw_after_predict",
        "&Analyse",
        "Draw shadows after pre&dicting",
        checkable=True,
        tip="Draw shadows as soon as theta is predicted",
    ),
    Command(
        "cancel_jobs",
        "&Analyse",
        "&Cancel all jobs",
        ("Ctrl+.",),
        lambda s: s.busy,
        "cancel",
        parted=True,
    ),
    *TAB_COMMANDS,
    Command(
        "install_model",
        "&Models",
        "&Add a network…",
        tip="Add a network from a file that was exported elsewhere",
        parted=True,
    ),
    Command(
        "manage_models",
        "&Models",
        "&Manage networks…",
        ("Ctrl+Shift+M",),
        icon="network",
        tip="Look at networks, compare, install, export, rename and delete them",
    ),
    Command(
        "about_model",
        "&Models",
        "About this &network",
        (),
        lambda s: s.has_model,
        "model",
        "What the network was trained on and how well it does",
    ),
    Command("help", "&Help", "&Help", ("F1",), icon="help"),
    Command("open_log_folder", "&Help", "Open &log folder", icon="folder"),
    Command("about", "&Help", "&About", icon="info", parted=True),
)
