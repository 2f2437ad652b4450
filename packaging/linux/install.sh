#!/bin/sh
# Installs Heteroagg for this user, without root: program, menu entry, icons, file types.
# PREFIX chooses another place than ~/.local.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
prefix=${PREFIX:-$HOME/.local}
program=$prefix/opt/heteroagg
share=$prefix/share

mkdir -p "$prefix/opt" "$prefix/bin" "$share/applications" "$share/metainfo" "$share/mime/packages"
rm -rf "$program.new"
cp -R "$here/heteroagg" "$program.new"
rm -rf "$program"
mv "$program.new" "$program"
ln -sf "$program/heteroagg-gui" "$prefix/bin/heteroagg-gui"
ln -sf "$program/heteroagg" "$prefix/bin/heteroagg"

cp -R "$here/share/icons" "$share/"
cp "$here"/share/metainfo/*.xml "$share/metainfo/"
cp "$here/share/mime/packages/heteroagg-mime.xml" "$share/mime/packages/"
sed "s|@PROGRAM@|\"$program/heteroagg-gui\"|" "$here/share/applications/heteroagg-gui.desktop" \
    > "$share/applications/heteroagg-gui.desktop"
cp "$here/uninstall.sh" "$program/uninstall.sh"

refresh() { command -v "$1" >/dev/null 2>&1 && "$@" >/dev/null 2>&1 || true; }
refresh update-mime-database "$share/mime"
refresh update-desktop-database "$share/applications"
refresh gtk-update-icon-cache -q -t -f "$share/icons/hicolor"

echo "Installed in $program. Start it from the menu, or with $prefix/bin/heteroagg-gui."
echo "Remove it with $program/uninstall.sh."
