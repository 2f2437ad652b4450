"""What can be done with session files, a part of the menu File."""

from heteroagg_gui.gui.command import Command, Situation


def _can_be_saved(s: Situation) -> bool:
    return bool(s.state.items) or s.state.shadows is not None


SESSION_COMMANDS: tuple[Command, ...] = (
    Command(
        "open_session",
        "&File",
        "Open sess&ion…",
        (),
        icon="session",
        tip="Open a session that was saved, in place of what is open",
        parted=True,
    ),
    Command(
        "save_session",
        "&File",
        "Save sessio&n",
        ("Ctrl+S",),
        _can_be_saved,
        "save",
        "Save images, settings, prediction and shadows to one file",
    ),
    Command(
        "save_session_as",
        "&File",
        "Save session &as…",
        ("Ctrl+Shift+S",),
        _can_be_saved,
        "save",
        "Save the session to another file",
    ),
)
