#include "ui/viewer/zoom_actions.h"

#include <QAction>

#include "ui/style/widgets.h"
#include "ui/viewer/image_canvas.h"

namespace signet::ui {

QList<QAction*> makeZoomActions(QObject* owner, const QString& prefix, ImageCanvas* canvas) {
    QList<QAction*> actions;
    const auto add = [&](const char* name, const char* icon, const QString& text, const QKeySequence& keys,
                         std::function<void()> run) {
        QString objectName = prefix + QLatin1String(name);
        objectName[0] = objectName[0].toLower();
        actions << makeAction(owner, objectName.toLatin1().constData(), icon, text, keys,
                              QString(text).remove(QLatin1Char('&')), std::move(run));
        return actions.back();
    };
    QAction* in = add("ZoomInAction", "zoom-in", QObject::tr("Zoom &in"), QKeySequence(Qt::Key_Plus),
                      [canvas] { canvas->zoomIn(); });
    in->setShortcuts({QKeySequence(Qt::Key_Plus), QKeySequence(Qt::Key_Equal)});
    add("ZoomOutAction", "zoom-out", QObject::tr("Zoom o&ut"), QKeySequence(Qt::Key_Minus),
        [canvas] { canvas->zoomOut(); });
    add("ZoomFitAction", "fit", QObject::tr("&Fit to window"), QKeySequence(Qt::Key_0),
        [canvas] { canvas->zoomToFit(); });
    add("ZoomActualAction", "actual", QObject::tr("&Actual pixels (100 %)"), QKeySequence(Qt::Key_1),
        [canvas] { canvas->zoomToActual(); });
    return actions;
}

QString zoomText(double zoom) {
    return QObject::tr("%1 %").arg(100 * zoom, 0, 'f', zoom < 0.1 ? 1 : 0);
}

}  // namespace signet::ui
