#!/bin/sh
# Removes what install.sh installed; networks, settings and logs of the user stay.
set -eu
prefix=${PREFIX:-$HOME/.local}
program=$prefix/opt/heteroagg
share=$prefix/share

rm -f "$prefix/bin/heteroagg-gui" "$prefix/bin/heteroagg"
rm -f "$share/applications/heteroagg-gui.desktop" "$share/mime/packages/heteroagg-mime.xml"
rm -f "$share/metainfo/io.github.heteroagg.heteroagg-gui.metainfo.xml"
rm -f "$share"/icons/hicolor/*/apps/heteroagg-gui.png "$share/icons/hicolor/scalable/apps/heteroagg-gui.svg"
rm -f "$share"/icons/hicolor/*/mimetypes/application-x-heteroagg-session.*
rm -rf "$program"

refresh() { command -v "$1" >/dev/null 2>&1 && "$@" >/dev/null 2>&1 || true; }
refresh update-mime-database "$share/mime"
refresh update-desktop-database "$share/applications"
refresh gtk-update-icon-cache -q -t -f "$share/icons/hicolor"
echo "Removed $program."
