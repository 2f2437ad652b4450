"""Paints one row of the batch: check box, small picture, name, state and pixel size."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QImage, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from heteroagg_gui.gui.icons import paint_icon
from heteroagg_gui.gui.panels.batch_model import (
    CAUTION_ROLE,
    HEADER_ROLE,
    ITEM_ROLE,
    THUMBNAIL_ROLE,
)
from heteroagg_gui.gui.theme import Tones, blend, tones
from heteroagg_gui.workflow.state import BatchItem, ItemStatus

_PADDING = 8
_PICTURE = 42
_BOX = 16
Index = QModelIndex | QPersistentModelIndex


def state_mark(item: BatchItem, caution: str | None, colors: Tones) -> tuple[str, str, QColor]:
    """Return icon, word and colour of an item's state."""
    if item.status is ItemStatus.READY and caution:
        return "warning", "outside range", colors.caution
    return {
        ItemStatus.READING: ("reading", "reading…", colors.quiet),
        ItemStatus.READY: ("ok", "ok", colors.good),
        ItemStatus.UNCALIBRATED: ("uncalibrated", "pixel size?", colors.caution),
        ItemStatus.REFUSED: ("refused", "refused", colors.bad),
    }[item.status]


def pixel_size_text(item: BatchItem) -> str:
    """Return the pixel size with its unit, or nothing while it is unknown."""
    if item.micrograph is None or item.micrograph.pixel_size_nm is None:
        return ""
    return f"{item.micrograph.pixel_size_nm:.3g} nm/px"


class BatchDelegate(QStyledItemDelegate):
    """Draws and toggles rows of the batch."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row, with its group's header where it has one."""
        height = max(_PICTURE, 2 * option.fontMetrics.height() + 4) + _PADDING + 4
        return QSize(180, height + self._header_height(option, index))

    @staticmethod
    def _header_height(option: QStyleOptionViewItem, index: Index) -> int:
        if index.data(HEADER_ROLE) is None:
            return 0
        return int(option.fontMetrics.height()) + _PADDING

    def _row_rect(self, option: QStyleOptionViewItem, index: Index) -> QRect:
        rect: QRect = option.rect
        return rect.adjusted(0, self._header_height(option, index), 0, 0)

    def _check_rect(self, option: QStyleOptionViewItem, index: Index) -> QRect:
        row = self._row_rect(option, index)
        return QRect(row.left() + _PADDING, row.center().y() - _BOX // 2, _BOX, _BOX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        item: BatchItem = index.data(ITEM_ROLE)
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(option.rect)
        self._paint_header(painter, option, index)
        row = self._row_rect(option, index)
        if selected:
            painter.fillRect(row, palette.highlight())
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, palette.alternateBase())
        self._paint_check(painter, self._check_rect(option, index), item, palette)
        faint = item.status is ItemStatus.REFUSED or not item.included
        left = self._check_rect(option, index).right() + _PADDING
        picture = QRect(left, row.top() + (row.height() - _PICTURE) // 2, _PICTURE, _PICTURE)
        self._paint_picture(painter, picture, index.data(THUMBNAIL_ROLE), faint, palette)
        if index.data(THUMBNAIL_ROLE) is None:
            mark, _, color = state_mark(item, None, tones(palette))
            middle = QRectF(picture).adjusted(11, 11, -11, -11)
            paint_icon(painter, mark, middle, color)
        text = row.adjusted(picture.right() + _PADDING - row.left(), 4, -_PADDING, -4)
        self._paint_text(painter, text, item, index.data(CAUTION_ROLE), palette, selected, faint)
        painter.restore()

    def _paint_header(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        title = index.data(HEADER_ROLE)
        if title is None:
            return
        rect: QRect = option.rect
        band = QRect(rect.left(), rect.top(), rect.width(), self._header_height(option, index))
        palette: QPalette = option.palette
        painter.fillRect(band, palette.window())
        painter.setPen(palette.windowText().color())
        painter.drawText(
            band.adjusted(_PADDING, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(title)
        )

    @staticmethod
    def _paint_check(painter: QPainter, rect: QRect, item: BatchItem, palette: QPalette) -> None:
        """Draw a check box with an edge that shows on light and dark ground."""
        usable = item.status is not ItemStatus.REFUSED
        base, text = palette.base().color(), palette.text().color()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(blend(base, text, 0.55 if usable else 0.25), 1.2))
        painter.setBrush(base)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if item.included and usable:
            painter.setPen(QPen(text, 2.0))
            x, y, side = rect.left(), rect.top(), rect.width()
            painter.drawPolyline(
                [
                    QPointF(x + 0.25 * side, y + 0.52 * side),
                    QPointF(x + 0.43 * side, y + 0.70 * side),
                    QPointF(x + 0.76 * side, y + 0.32 * side),
                ]
            )
        painter.restore()

    @staticmethod
    def _paint_picture(
        painter: QPainter, rect: QRect, image: QImage | None, faint: bool, palette: QPalette
    ) -> None:
        painter.fillRect(rect, blend(palette.base().color(), palette.text().color(), 0.12))
        if image is None:
            return
        size = image.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(rect.topLeft(), size)
        target.moveCenter(rect.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(0.35 if faint else 1.0)
        painter.drawImage(target, image)
        painter.setOpacity(1.0)

    @staticmethod
    def _paint_text(
        painter: QPainter,
        rect: QRect,
        item: BatchItem,
        caution: str | None,
        palette: QPalette,
        selected: bool,
        faint: bool,
    ) -> None:
        ink = (palette.highlightedText() if selected else palette.text()).color()
        back = (palette.highlight() if selected else palette.base()).color()
        soft = blend(ink, back, 0.45 if faint else 0.25)
        metrics = QFontMetrics(painter.font())
        top = rect.center().y() - metrics.height() - 1
        name = metrics.elidedText(item.name, Qt.TextElideMode.ElideMiddle, rect.width())
        painter.setPen(soft if faint else ink)
        painter.drawText(rect.left(), top + metrics.ascent(), name)
        mark, word, color = state_mark(item, caution, tones(palette))
        side = metrics.height() - 2
        low = top + metrics.height() + 3
        paint_icon(
            painter,
            mark,
            QRectF(rect.left(), low + 1, side, side),
            ink if selected else color,
        )
        size = pixel_size_text(item)
        line = f"{word}  ·  {size}" if size and item.status is ItemStatus.READY else word
        if caution and item.status is ItemStatus.READY:
            line = word
        left = rect.left() + side + 5
        painter.setPen(soft)
        painter.drawText(
            left,
            low + metrics.ascent(),
            metrics.elidedText(line, Qt.TextElideMode.ElideRight, rect.right() - left),
        )

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Toggle the check box that was clicked."""
        if not isinstance(event, QMouseEvent):
            return False
        if event.button() is not Qt.MouseButton.LeftButton:
            return False
        box = self._check_rect(option, index).adjusted(-6, -6, 6, 6)
        if not box.contains(event.position().toPoint()):
            return False
        if event.type() == QEvent.Type.MouseButtonRelease:
            checked = index.data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
            wish = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
            model.setData(index, wish, Qt.ItemDataRole.CheckStateRole)
        return True
