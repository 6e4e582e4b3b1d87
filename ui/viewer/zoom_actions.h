#pragma once

#include <QList>
#include <QString>

class QAction;
class QObject;

namespace signet::ui {

class ImageCanvas;

/// Zoom in (+), zoom out (−), fit (0) and actual pixels (1) of a canvas, owned by owner. prefix begins the
/// object names: "sign" makes "signZoomInAction", nothing "zoomInAction".
QList<QAction*> makeZoomActions(QObject* owner, const QString& prefix, ImageCanvas* canvas);

/// "61 %".
QString zoomText(double zoom);

}  // namespace signet::ui
